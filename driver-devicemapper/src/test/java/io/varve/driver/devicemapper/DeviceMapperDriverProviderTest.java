package io.varve.driver.devicemapper;

import io.varve.spi.Availability;
import io.varve.spi.DriverProvider;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ServiceLoader;

import static org.assertj.core.api.Assertions.assertThat;

class DeviceMapperDriverProviderTest {
    @Test
    void itIsFoundAndSaysThatItCannotWorkHere() {
        DriverProvider provider =
                ServiceLoader.load(DriverProvider.class).findFirst().orElseThrow();

        assertThat(provider.type().value()).isEqualTo("devicemapper");
        assertThat(provider.probe(Path.of("/"))).isInstanceOf(Availability.Unavailable.class);
    }
}
