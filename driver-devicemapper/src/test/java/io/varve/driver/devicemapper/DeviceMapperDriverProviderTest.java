package io.varve.driver.devicemapper;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.spi.Availability;
import io.varve.spi.DriverProvider;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class DeviceMapperDriverProviderTest {
    @Test
    void itIsFoundAndSaysThatItCannotWorkHere() {
        DriverProvider provider =
                ServiceLoader.load(DriverProvider.class).findFirst().orElseThrow();

        assertThat(provider.type().value()).isEqualTo("devicemapper");
        assertThat(provider.probe(Path.of("/"))).isInstanceOf(Availability.Unavailable.class);
    }
}
