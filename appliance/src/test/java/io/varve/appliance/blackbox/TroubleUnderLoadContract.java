package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The load of {@link LoadIT}, and in its midst the filesystem beneath turns read-only, is back, vanishes, and is back
 * again. All the while the appliance answers; what was acknowledged stays, what failed is done or not done once the
 * appliance has opened the store anew, by itself, and nothing is written where the filesystem was.
 */
abstract class TroubleUnderLoadContract {
    private static final long SEED = Long.getLong("varve.seed", 20261101L);
    private static final Duration PHASE = Duration.ofSeconds(1);
    private static final int PHASES = 5;
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

    abstract Stage stage();

    /** The codes that calls may fail with meanwhile. */
    abstract String[] troubles();

    @Test
    void whatWasAcknowledgedSurvivesARootThatTurnsReadOnlyAndVanishes() throws InterruptedException, IOException {
        Load load = new Load(stage(), SEED);
        load.begin();
        load.expectTroubles(troubles());
        long end = System.nanoTime() + PHASES * PHASE.toNanos();
        load.run(() -> System.nanoTime() < end, this::trouble);
        System.out.println(getClass().getSimpleName() + ": " + load.acknowledged() + " calls answered");
        assertThat(load.violations()).isEmpty();
        assertThat(stage().appliance().log()).doesNotContain("unexpected failure");
        awaitSettled();
        assertThat(Audit.of(stage(), load)).isEmpty();
    }

    private void awaitSettled() throws InterruptedException {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        while (!isSettled() && System.nanoTime() < end) {
            Thread.sleep(200);
        }
    }

    private boolean isSettled() {
        return stage().api().get("/api/v1/stores/default").text("state").equals("OPEN")
                && Roots.unfinished(stage().root(), stage().driver()).isEmpty();
    }

    private void trouble() {
        LoopImage image = stage().image();
        pause();
        image.freeze();
        pause();
        image.thaw();
        pause();
        image.vanish();
        pause();
        assertThat(Roots.everything(image.path()))
                .as("what was written beneath the mount point")
                .containsExactly("");
        image.mount();
    }

    private static void pause() {
        try {
            Thread.sleep(PHASE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
