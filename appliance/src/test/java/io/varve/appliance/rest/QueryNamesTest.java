package io.varve.appliance.rest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.varve.appliance.rest.QueryNames.Takes;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class QueryNamesTest {
    private static final Map<String, Takes> DELETION = Map.of("dryRun", Takes.ONE_TEXT, "plan", Takes.ONE_TEXT);

    @Test
    void whatAMethodDeclaresIsKnown() throws NoSuchMethodException {
        Method method = QueryNamesTest.class.getDeclaredMethod("resource", Optional.class, List.class, String.class);

        assertThat(QueryNames.parameters(method))
                .isEqualTo(Map.of("tag", Takes.ONE_TEXT, "exclude", Takes.MANY_TEXTS, "path", Takes.BYTES));
    }

    @RawQueryParam("path")
    static String resource(
            @QueryParam("tag") Optional<String> tag, @QueryParam("exclude") List<String> excluded, String other) {
        return tag + " " + excluded + other;
    }

    @Test
    void declaredParametersPass() {
        QueryNames.check("dryRun=true&plan=a%20b", DELETION);
        QueryNames.check("&plan=x&", DELETION);
        QueryNames.check("path=", Map.of("path", Takes.BYTES));
        QueryNames.check("exclude=a&exclude=b", Map.of("exclude", Takes.MANY_TEXTS));
    }

    @Test
    void othersAreRefusedAndTheDeclaredOnesNamed() {
        for (String query : List.of("dryrun=true", "dryRun=true&now=x", "dry%52un=true", "=true", " dryRun=true")) {
            assertRefused(query, DELETION, "known are dryRun, plan");
        }
        assertRefused("dryRun=true", Map.of(), "unknown query parameter 'dryRun'; this call has none");
    }

    @Test
    void oneWithoutAValueIsNotTakenForAnAbsentOne() {
        assertRefused("dryRun=", DELETION, "'dryRun' has no value");
        assertRefused("plan=x&dryRun", DELETION, "'dryRun' has no value");
    }

    @Test
    void whatIsTakenOnceMayNotSayTwoThings() {
        assertRefused("dryRun=false&dryRun=true", DELETION, "'dryRun' is given more than once");
    }

    private static void assertRefused(String query, Map<String, Takes> parameters, String why) {
        assertThatExceptionOfType(StorageException.class)
                .as(query)
                .isThrownBy(() -> QueryNames.check(query, parameters))
                .withMessageContaining(why)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }

    @Test
    void theNativeBinaryKnowsTheParametersOfEveryResource() {
        Stream<String> registered = Arrays.stream(QueryNames.class
                        .getAnnotation(RegisterForReflection.class)
                        .targets())
                .map(Class::getName);
        List<String> resources = new ClassFileImporter()
                .importPackages("io.varve.appliance").stream()
                        .filter(each -> each.isAnnotatedWith(Path.class))
                        .map(JavaClass::getName)
                        .toList();

        assertThat(registered).containsExactlyInAnyOrderElementsOf(resources);
    }
}
