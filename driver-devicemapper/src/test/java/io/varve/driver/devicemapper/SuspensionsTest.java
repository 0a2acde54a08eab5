package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapper.Device;
import io.varve.driver.devicemapper.DeviceMapper.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A device is never suspended for longer than it should be. */
@RequiresDeviceMapper
class SuspensionsTest {
    private static final int ID = 7;
    private static final Duration DEADLINE = Duration.ofMillis(300);

    private DeviceMapper mapper;
    private ThinPools pool;
    private Suspensions suspensions;

    @BeforeEach
    void makeDevice() throws IOException {
        mapper = DeviceMapper.open();
        pool = new ThinPools(mapper, "test", "varve-test-pool");
        suspensions = new Suspensions(pool, DEADLINE);
        mapper.create(pool.name(ID), "VARVE-test");
        mapper.load(pool.name(ID), Target.whole(64, "error", ""), false);
        mapper.resume(pool.name(ID));
    }

    @AfterEach
    void removeDevice() throws IOException {
        suspensions.close();
        mapper.remove(pool.name(ID));
        mapper.close();
    }

    private boolean isSuspended() throws IOException {
        return pool.find(ID).filter(Device::suspended).isPresent();
    }

    @Test
    void itIsSuspendedDuringAStepAndNotAfterIt() throws IOException {
        List<Boolean> seen = new ArrayList<>();

        assertThat(suspensions.during(ID, () -> seen.add(isSuspended()))).isTrue();

        assertThat(seen).containsExactly(true);
        assertThat(isSuspended()).isFalse();
    }

    @Test
    void itGoesOnAtTheDeadlineThoughTheStepDoesNotEnd() throws IOException {
        List<Boolean> seen = new ArrayList<>();

        boolean inTime = suspensions.during(ID, () -> {
            long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (isSuspended() && System.nanoTime() < giveUp) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            seen.add(isSuspended());
        });

        assertThat(seen).containsExactly(false);
        assertThat(inTime).isFalse();
    }

    @Test
    void itGoesOnWhereTheStepFails() throws IOException {
        assertThatThrownBy(() -> suspensions.during(ID, () -> {
                    throw new IOException("no such luck");
                }))
                .hasMessage("no such luck");

        assertThat(isSuspended()).isFalse();
    }
}
