package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapper.Device;
import io.varve.driver.devicemapper.DeviceMapper.Target;
import io.varve.linux.Errno;
import io.varve.linux.KernelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The kernel's device-mapper, asked by ioctl. */
@RequiresDeviceMapper
class DeviceMapperTest {
    private static final String NAME = "varve-test-device";

    private DeviceMapper mapper;

    @BeforeEach
    void open() throws IOException {
        mapper = DeviceMapper.open();
    }

    @AfterEach
    void close() throws IOException {
        if (mapper.find(NAME).isPresent()) {
            mapper.remove(NAME);
        }
        mapper.close();
    }

    @Test
    void itKnowsItsTargets() throws IOException {
        assertThat(mapper.knows("thin-pool")).isTrue();
        assertThat(mapper.knows("no-such")).isFalse();
    }

    @Test
    void aDeviceIsMadeShownAndRemoved() throws IOException {
        mapper.create(NAME, "VARVE-test");
        assertThat(mapper.find(NAME)).get().extracting(Device::active).isEqualTo(false);
        mapper.load(NAME, Target.whole(64, "error", ""), true);
        mapper.resume(NAME);

        Device device = mapper.find(NAME).orElseThrow();
        assertThat(device.active()).isTrue();
        assertThat(device.readOnly()).isTrue();
        assertThat(device.openCount()).isZero();
        assertThat(device.majorMinor()).matches("25[0-9]:[0-9]+");
        assertThat(mapper.table(NAME)).isEqualTo(Target.whole(64, "error", ""));
        assertThat(mapper.uuid(NAME)).isEqualTo("VARVE-test");
        assertThat(mapper.names()).contains(NAME);
        assertThat(BlockDevices.size(BlockDevices.node("dm-none", NAME, device.number())))
                .isEqualTo(64 * 512);

        mapper.remove(NAME);
        assertThat(mapper.find(NAME)).isEmpty();
        assertThat(mapper.names()).doesNotContain(NAME);
    }

    @Test
    void aStoppedDeviceGoesOn() throws IOException {
        mapper.create(NAME, "VARVE-test");
        mapper.load(NAME, Target.whole(64, "error", ""), false);
        mapper.resume(NAME);

        mapper.suspend(NAME);
        assertThat(mapper.find(NAME)).get().extracting(Device::suspended).isEqualTo(true);
        mapper.resume(NAME);
        assertThat(mapper.find(NAME)).get().extracting(Device::suspended).isEqualTo(false);
    }

    @Test
    void aFailureNamesCommandAndDevice() {
        assertThatThrownBy(() -> mapper.remove("varve-no-such"))
                .isInstanceOfSatisfying(KernelException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.ENXIO))
                .hasMessageContaining("DM_DEV_REMOVE")
                .hasMessageContaining("varve-no-such");
    }
}
