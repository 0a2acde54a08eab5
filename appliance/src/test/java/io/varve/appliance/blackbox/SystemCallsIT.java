package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.linux.LibC;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A native image holds what is reached from {@code main}; a system call is reached by its name alone. */
class SystemCallsIT {
    @Test
    void eachSystemCallReachesTheKernelFromTheProgramAsItWasBuilt() throws IOException {
        List<String> command = new ArrayList<>(Appliance.command());
        command.addAll(List.of("--json", "version", "--system-calls"));

        JsonNode version = new ObjectMapper()
                .readTree(Programs.run(new ProcessBuilder(command)).succeeded().out());

        assertThat(version.path("systemCalls").findValuesAsText("name"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(LibC.class.getMethods())
                        .map(Method::getName)
                        .toList());
        assertThat(version.path("systemCalls").findValuesAsText("answer")).doesNotContain("");
    }
}
