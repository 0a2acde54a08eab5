package io.varve.policy;

import io.varve.spi.SnapshotLabel;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** Many snapshots. The limits are generous: what is meant is not-quadratic. */
class PruningScaleTest {
    @TempDir(factory = InMemory.class)
    Path temp;

    private PolicyStage stage;

    @BeforeEach
    void open() {
        stage = new PolicyStage(temp);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    /** Takes as many, then has half of them removed. */
    private Duration halving(int count) {
        Volume volume = stage.volume("app" + count);
        for (int i = 0; i < count; i++) {
            volume.snapshot(SnapshotRequest.byPolicy("p", SnapshotLabel.of("s%05d".formatted(i))));
        }
        stage.put(
                "p",
                "'match':{'stores':['*'],'volumes':['app%d']},'keep':{'last':%d},'brake':{'maxRemovePercent':100}"
                        .formatted(count, count / 2));
        long start = System.nanoTime();
        RunReport report = stage.runner.prune("p");
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertThat(report.succeeded()).isTrue();
        assertThat(report.volumes().getFirst().removed()).hasSize(count / 2);
        assertThat(volume.snapshots()).hasSize(count / 2);
        return taken;
    }

    @Test
    void eachOfManyIsRemovedAsFastAsEachOfSome() {
        halving(200);
        Duration some = halving(1000);
        Duration many = halving(12_000);

        assertThat(many).as("12 times as many; %s for the first", some).isLessThan(some.multipliedBy(20));
    }
}
