package io.varve.driver.devicemapper;

import io.varve.linux.Kernel;
import io.varve.spi.Availability;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

class DeviceMapperDriverProviderTest {
    private final DriverProvider provider =
            ServiceLoader.load(DriverProvider.class).findFirst().orElseThrow();

    @Test
    void itIsFoundAndExplainsItsOptions() {
        assertThat(provider.type().value()).isEqualTo("devicemapper");
        assertThat(provider.options().stream().map(DriverOption::name))
                .doesNotHaveDuplicates()
                .contains("dm.thinpooldev", "dm.basesize", "dm.min_free_space");
    }

    @Test
    void whereItCannotWorkItSaysWhatIsMissing(@TempDir Path root) {
        boolean works = Kernel.isRoot() && Files.exists(DeviceMapper.CONTROL);
        if (provider.probe(root) instanceof Availability.Unavailable unavailable) {
            assertThat(unavailable.reason()).containsAnyOf("root", "/dev/mapper/control", "dm-thin-pool", "mkfs");
        } else {
            assertThat(works).isTrue();
        }
    }

    @Test
    void aStoreThatCannotBeOpenedIsRefusedWithTheReason(@TempDir Path root) {
        assumeWithoutDeviceMapper();

        assertThatThrownBy(
                        () -> provider.open(new StoreLayout(root, provider.type()), Map.of("dm.loopdatasize", "1 GiB")))
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isIn(ErrorCode.DRIVER_UNAVAILABLE, ErrorCode.PERMISSION_DENIED))
                .hasMessageContaining(root.toString());
        assertThat(root).isEmptyDirectory();
    }

    private static void assumeWithoutDeviceMapper() {
        assumeFalse(Files.exists(DeviceMapper.CONTROL) && Kernel.isRoot(), "this host has device-mapper");
    }
}
