package io.varve.appliance.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

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
}
