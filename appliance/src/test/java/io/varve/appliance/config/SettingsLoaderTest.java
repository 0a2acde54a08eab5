package io.varve.appliance.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SettingsLoaderTest {
    @Test
    void aNameThatIsThereTwiceIsAFault(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("varve.yaml"), """
                stores:
                  - {name: data, root: /mnt/one}
                  - {name: data, root: /mnt/two}
                policies:
                  - {name: apps}
                  - {name: apps}
                """);

        assertThatExceptionOfType(ConfigurationFault.class)
                .isThrownBy(() -> SettingsLoader.load(Optional.of(file), Map.of()))
                .withMessageContaining("several stores 'data'")
                .withMessageContaining("several policies 'apps'");
    }

    @Test
    void policiesMayHaveDefaults(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("varve.yaml"), "defaults: { keep: { daily: 7 } }");

        Settings settings = SettingsLoader.load(Optional.of(file), Map.of());

        assertThat(settings.policyDefaults().at("/keep/daily").asInt()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "http"})
    void whatIsNoPortOpensNoJmxDoor(String port) {
        assertThatExceptionOfType(ConfigurationFault.class)
                .isThrownBy(() -> SettingsLoader.load(Optional.empty(), Map.of("VARVE_JMX_PORT", port)))
                .withMessageContaining("the JMX port '" + port + "'");
    }

    @Test
    void thereIsNoJmxDoorUnlessAPortIsNamed() {
        assertThat(SettingsLoader.load(Optional.empty(), Map.of()).jmx()).isEmpty();
        assertThat(SettingsLoader.load(Optional.empty(), Map.of("VARVE_JMX_PORT", "9010"))
                        .jmx())
                .contains(new JmxSettings(9010, Optional.empty()));
    }
}
