package io.varve.policy;

import io.varve.catalog.RecordFormat;
import io.varve.catalog.SnapshotKind;
import io.varve.catalog.SnapshotRecord;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.Store;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/** One policy over a thousand volumes of a hundred snapshots each. */
class ManyVolumesTest {
    private static final int VOLUMES = 1000;
    private static final int SNAPSHOTS = 100;

    @TempDir(factory = InMemory.class)
    Path temp;

    private PolicyStage stage;

    @BeforeEach
    void open() throws IOException {
        stage = new PolicyStage(temp);
        Store store = stage.stores.store(PolicyStage.STORE);
        for (int i = 0; i < VOLUMES; i++) {
            fill(store, stage.volume("volume-" + i));
        }
    }

    @AfterEach
    void close() {
        stage.close();
    }

    /** Puts the records where the catalog looks for them at the first use; taken one by one they would take minutes. */
    private void fill(Store store, Volume volume) throws IOException {
        Path records = Files.createDirectories(
                store.layout().catalog().resolve(volume.name().value()).resolve("snapshots"));
        for (int i = 0; i < SNAPSHOTS; i++) {
            SnapshotLabel label = SnapshotLabel.of("hourly-%03d".formatted(i));
            SnapshotRecord record = new SnapshotRecord(
                    volume.name(),
                    label,
                    SnapshotKind.POLICY,
                    PolicyStage.START.minus(Duration.ofHours(SNAPSHOTS - i)),
                    "",
                    List.of(),
                    List.of(),
                    Optional.of("hourly"),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());
            Files.write(records.resolve(label + ".json"), RecordFormat.write(record));
            stage.driver.put(volume.name(), label);
        }
    }

    @Test
    void aPassOverThemAllTakesLessThanTwoSeconds() {
        stage.put("hourly", PolicyStage.ALL + ",'keep':{'hourly':24,'daily':7,'weekly':4}");
        Preview first = stage.runner.preview("hourly", Optional.empty());
        assertThat(first.volumes()).hasSize(VOLUMES).allSatisfy(each -> {
            assertThat(each.plan().keep().size() + each.plan().remove().size()).isEqualTo(SNAPSHOTS);
            assertThat(each.plan().remove()).hasSizeGreaterThan(50);
        });
        long start = System.nanoTime();

        Preview again = stage.runner.preview("hourly", Optional.empty());

        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        assertThat(again.token()).isEqualTo(first.token());
        assertThat(taken).isLessThan(Duration.ofSeconds(2));
    }
}
