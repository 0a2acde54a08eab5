package io.varve.conformance;

import io.varve.catalog.Tag;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Many snapshots: nothing gets slow that should not. The limits are generous; what is meant is not-quadratic. */
abstract class ScalePromises extends PromiseGroup {
    @Test
    void aLongHistoryIsListedQuicklyInOrderAndSurvives(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "x");
        List<String> labels = IntStream.range(0, rig.root().fixture().manySnapshots())
                .mapToObj(i -> String.format("s%04d", i))
                .toList();
        labels.forEach(label -> rig.snapshot(volume, label, "tag-" + label));

        assertThat(Rig.validLabels(volume)).isEqualTo(labels);
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(volume.snapshots()).hasSize(labels.size());
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("50 listings")
                .isLessThan(Duration.ofSeconds(5));

        rig.reopen();
        Volume again = rig.find("app");
        String last = labels.getLast();
        assertThat(again.snapshotWith(Tag.of("tag-" + last)).label()).isEqualTo(SnapshotLabel.of(last));
        assertThat(again.snapshotCount()).isEqualTo(labels.size());
        rig.store().removeVolume(again.name());
        assertThat(rig.driver().snapshots(again.name())).isEmpty();
    }
}
