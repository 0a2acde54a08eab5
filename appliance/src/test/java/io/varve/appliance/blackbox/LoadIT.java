package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** Sixteen clients for a minute: none is told a lie, nothing is lost, nothing is left. {@code -Dvarve.load.seconds=60} */
@RequiresBtrfs
class LoadIT {
    @RegisterExtension
    static final Stage stage = new Stage(2048);

    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("varve.load.seconds", 60));
    private static final long SEED = Long.getLong("varve.seed", 20261101L);

    @Test
    void underLoadLedgersListingCatalogAndDiskAgree() throws InterruptedException {
        Load load = new Load(stage, SEED);
        load.begin();
        long end = System.nanoTime() + LENGTH.toNanos();
        load.run(() -> System.nanoTime() < end, () -> {});
        System.out.println("LoadIT: " + load.acknowledged() + " calls answered in " + LENGTH);
        assertThat(load.violations()).isEmpty();
        assertThat(Audit.of(stage, load)).isEmpty();
        assertThat(load.contention().wins()).isNotEmpty();
        assertThat(stage.appliance().log()).doesNotContain("unexpected failure", "Exception");
    }
}
