package io.varve.appliance.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.varve.linux.Commands;
import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.Trees;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

class ApplianceArchitectureTest {
    private static final JavaClasses APPLIANCE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.varve.appliance");

    @Test
    void noDriverIsKnownByName() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.varve.driver..")
                .because("drivers are found at boot")
                .check(APPLIANCE);
    }

    @Test
    void doorsDoNotReachBelowTheUseCases() {
        noClasses()
                .that()
                .resideInAnyPackage("..rest..", "..health..", "..schedule..", "..jmx..", "..metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.varve.journal..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Kernel.class, Directory.class, Commands.class, DurableFiles.class, Trees.class)
                .because("what has a rule is done once, in core")
                .check(APPLIANCE);
    }

    @Test
    void theCommandLineIsAClientOfTheRestContractAlone() {
        classes()
                .that()
                .resideInAPackage("..cli..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.varve.volume..",
                        "io.varve.policy..",
                        "io.varve.registry..",
                        "io.varve.catalog..",
                        "io.varve.linux..",
                        "io.quarkus..")
                .because("it starts in milliseconds and may be on another host")
                .check(APPLIANCE);
    }
}
