package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The load of {@link LoadIT}, and the appliance is killed in its midst again and again: what was acknowledged stays, what
 * was not is whole or absent.
 */
abstract class KillContract {
    private static final long SEED = Long.getLong("varve.seed", 20261101L);
    private static final int LONGEST_MILLIS = 1500;

    abstract Stage stage();

    abstract int rounds();

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedSurvivesAKillAtAnyMoment() throws InterruptedException, IOException {
        Random random = new Random(SEED);
        Load load = new Load(stage(), SEED);
        load.begin();
        for (int round = 1; round <= rounds(); round++) {
            int moment = 100 + random.nextInt(LONGEST_MILLIS);
            load.run(() -> stage().appliance().isAlive(), () -> killAfter(moment));
            stage().appliance().start();
            assertThat(stage().api().get("/q/health/ready").expect(200).text("status"))
                    .isEqualTo("UP");
            assertThat(Audit.of(stage(), load))
                    .as("after kill %d, %d ms into the load", round, moment)
                    .isEmpty();
        }
        System.out.println(
                "Kills, " + stage().driver() + ": " + rounds() + ", " + load.acknowledged() + " calls answered");
        assertThat(load.violations()).isEmpty();
        assertThat(stage().appliance().log()).doesNotContain("unexpected failure");
    }

    private void killAfter(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        stage().appliance().kill();
    }
}
