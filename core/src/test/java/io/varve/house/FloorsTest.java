package io.varve.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.Serializable;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/** The floors of core: a lower one never knows an upper one. A floor that is not built yet keeps every rule. */
class FloorsTest {
    private static final String JSPECIFY = "org.jspecify..";
    private static final String JACKSON = "com.fasterxml.jackson..";
    private static final String TAR = "org.apache.commons.compress..";

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.varve");

    /**
     * A floor.
     *
     * @param known what it may know beside itself and the JDK: floors below it, and libraries
     */
    record Floor(String name, List<String> known) {
        String packages() {
            return "io.varve." + name + "..";
        }

        DescribedPredicate<JavaClass> allowed() {
            Stream<String> own = Stream.of("java..", "javax..", JSPECIFY, packages());
            Stream<String> others = known.stream().map(each -> each.endsWith("..") ? each : "io.varve." + each + "..");
            return resideInAnyPackage(Stream.concat(own, others).toArray(String[]::new));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Floor LINUX = floor("linux", "spi", "jnr..", "com.kenai.jffi..");
    private static final Floor SPI = floor("spi");
    private static final Floor RETENTION = floor("retention", "spi", JACKSON);

    private static Floor floor(String name, String... known) {
        return new Floor(name, List.of(known));
    }

    static List<Floor> floors() {
        return List.of(
                SPI,
                LINUX,
                RETENTION,
                floor("directories", "spi", "linux"),
                floor("status", "spi", "linux", JACKSON),
                floor("registry", "spi", "linux"),
                floor("nativeimage", "spi", "linux", "org.graalvm.nativeimage.."),
                floor("catalog", "spi", "linux", JACKSON),
                floor("journal", "spi", "linux", "catalog"),
                floor("archive", "spi", "linux", JACKSON, TAR),
                floor("browse", "spi", "linux"),
                floor("access", "spi", "linux", JACKSON),
                floor("host", "spi", "linux", "registry", JACKSON),
                floor(
                        "volume",
                        "spi",
                        "linux",
                        "retention",
                        "status",
                        "registry",
                        "catalog",
                        "journal",
                        "archive",
                        "browse",
                        JACKSON),
                floor("share", "spi", "linux", "volume", JACKSON),
                floor(
                        "policy",
                        "spi",
                        "linux",
                        "retention",
                        "status",
                        "registry",
                        "catalog",
                        "journal",
                        "volume",
                        JACKSON));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CORE);
    }

    @Test
    void coreWasFound() {
        assertThat(CORE.size()).isGreaterThan(80);
        assertThat(CORE).noneMatch(each -> each.getSimpleName().endsWith("Test"));
    }

    @ParameterizedTest
    @MethodSource("floors")
    void aFloorKnowsOnlyItselfAndWhatIsBelow(Floor floor) {
        check(classes().that().resideInAPackage(floor.packages()).should().onlyDependOnClassesThat(floor.allowed()));
    }

    @Test
    void everyPackageOfCoreIsAFloor() {
        List<String> floors = floors().stream()
                .map(floor -> floor.packages().replace("..", ""))
                .toList();

        assertThat(CORE)
                .allSatisfy(each -> assertThat(floors).as(each.getName()).anyMatch(floor -> each.getPackageName()
                        .startsWith(floor)));
    }

    @Test
    void retentionIsPureArithmetic() {
        check(noClasses()
                .that()
                .resideInAPackage(RETENTION.packages())
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                                .or(resideInAnyPackage("java.util.logging..", "java.util.concurrent.."))
                                .or(JavaClass.Predicates.assignableTo(Clock.class))
                                .or(JavaClass.Predicates.assignableTo(System.Logger.class))
                                .and(DescribedPredicate.not(JavaClass.Predicates.equivalentTo(Serializable.class)))));
    }

    @Test
    void theForeignFunctionApiIsUsedNowhere() {
        // A native image of the builder we have cannot hold it; see docs/decisions/0005.
        check(noClasses().should().dependOnClassesThat().resideInAPackage("java.lang.foreign.."));
    }

    @Test
    void programsAreStartedByTheKernelsDoorAlone() {
        check(noClasses()
                .that(resideOutsideOfPackage(LINUX.packages()))
                .should()
                .dependOnClassesThat(JavaClass.Predicates.equivalentTo(ProcessBuilder.class)
                        .or(JavaClass.Predicates.equivalentTo(Process.class))
                        .or(JavaClass.Predicates.equivalentTo(Runtime.class))));
    }

    @Test
    void theTimeIsAskedOfAClockThatIsHandedIn() {
        check(noClasses()
                .should()
                .callMethodWhere(call("java.time.Clock", "system", "tick")
                        .or(call("java.time.Instant", "now"))
                        .or(call("java.time.LocalDate", "now"))
                        .or(call("java.time.LocalDateTime", "now"))
                        .or(call("java.time.ZonedDateTime", "now"))
                        .or(call("java.time.OffsetDateTime", "now"))
                        .or(call("java.time.ZoneId", "systemDefault"))
                        .or(call("java.lang.System", "currentTimeMillis"))));
    }

    private static DescribedPredicate<JavaMethodCall> call(String owner, String... prefixes) {
        return DescribedPredicate.describe(
                owner + "." + String.join("*, ", prefixes) + "*",
                found -> found.getTargetOwner().getName().equals(owner)
                        && List.of(prefixes).stream()
                                .anyMatch(prefix -> found.getName().startsWith(prefix)));
    }

    @Test
    void nothingIsPrinted() {
        check(noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethodWhere(call("java.lang.Throwable", "printStackTrace")));
    }

    @Test
    void noFieldIsPublicButConstants() {
        check(fields().that()
                .areDeclaredInClassesThat()
                .areNotEnums()
                .and()
                .arePublic()
                .should()
                .beFinal());
        check(fields().that().arePublic().should().beStatic());
    }

    @Test
    void thereIsNoMutableStaticState() {
        check(fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal());
    }

    @Test
    void theContractOfDriversHasNoStateAtAll() {
        check(fields().that()
                .areDeclaredInClassesThat()
                .resideInAPackage(SPI.packages())
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal());
    }
}
