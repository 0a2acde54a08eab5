package io.varve.conformance;

import io.varve.catalog.MetadataName;
import io.varve.catalog.Tag;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.Work;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Snapshots that have lost their record or their data: shown, refused, removable, and no burden to the others. */
abstract class InvalidSnapshotPromises extends PromiseGroup {
    private static final SnapshotLabel BAD = SnapshotLabel.of("bad");

    /** What can be wrong. */
    enum Damage {
        MADE_BEHIND_OUR_BACK {
            @Override
            void make(Rig rig, Volume volume) {
                rig.driver().createSnapshot(volume.name(), BAD, Work.unwatched());
            }
        },
        RECORD_LOST {
            @Override
            void make(Rig rig, Volume volume) throws IOException {
                rig.snapshot(volume, BAD.value());
                Files.delete(record(rig, volume));
                rig.reopen();
            }
        },
        RECORD_EMPTY {
            @Override
            void make(Rig rig, Volume volume) throws IOException {
                rig.snapshot(volume, BAD.value());
                Files.write(record(rig, volume), new byte[0]);
                rig.reopen();
            }
        },
        RECORD_TORN {
            @Override
            void make(Rig rig, Volume volume) throws IOException {
                rig.snapshot(volume, BAD.value());
                String whole = Files.readString(record(rig, volume));
                Files.writeString(record(rig, volume), whole.substring(0, whole.length() / 2));
                rig.reopen();
            }
        },
        RECORD_OF_ANOTHER {
            @Override
            void make(Rig rig, Volume volume) throws IOException {
                rig.snapshot(volume, BAD.value());
                String whole = Files.readString(record(rig, volume));
                Files.writeString(record(rig, volume), whole.replace("\"bad\"", "\"good\""));
                rig.reopen();
            }
        },
        DATA_LOST {
            @Override
            void make(Rig rig, Volume volume) {
                rig.snapshot(volume, BAD.value());
                rig.driver().deleteSnapshot(volume.name(), BAD);
            }
        };

        abstract void make(Rig rig, Volume volume) throws IOException;

        private static Path record(Rig rig, Volume volume) {
            return rig.layout()
                    .catalog()
                    .resolve(volume.name().value())
                    .resolve("snapshots")
                    .resolve(BAD + ".json");
        }
    }

    /** A volume {@code base} with nothing but the bad snapshot. */
    private static Volume damaged(Rig rig, Damage damage) throws IOException {
        rig.leavesInvalidSnapshots();
        rig.write(rig.volume("base"), "file", "then");
        damage.make(rig, rig.find("base"));
        return rig.find("base");
    }

    @ParameterizedTest
    @EnumSource
    void itIsListedAsInvalid(Damage damage, Rig rig) throws IOException {
        Volume volume = damaged(rig, damage);

        assertThat(volume.snapshots()).singleElement().satisfies(bad -> {
            assertThat(bad.label()).isEqualTo(BAD);
            assertThat(bad.valid()).isFalse();
        });
        assertThat(volume.snapshotCount()).isEqualTo(1);
        assertThat(volume.snapshot(volume.label("base_bad")).valid()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void nothingButRemovalIsPossible(Damage damage, Rig rig) throws IOException {
        Volume volume = damaged(rig, damage);
        MetadataName name = MetadataName.of("name");
        ByteArrayInputStream content = new ByteArrayInputStream(new byte[1]);

        assertRefused(ErrorCode.SNAPSHOT_INVALID, () -> volume.validSnapshot(BAD), "base", "bad");
        assertRefused(ErrorCode.SNAPSHOT_INVALID, () -> volume.path(BAD));
        assertRefused(ErrorCode.SNAPSHOT_INVALID, () -> rig.rollback(volume, "bad"));
        assertRefused(ErrorCode.SNAPSHOT_INVALID, () -> volume.tag(BAD, Tag.of("tag")));
        assertRefused(ErrorCode.SNAPSHOT_INVALID, () -> volume.hold(BAD, "me", "", Optional.empty()));
        assertRefused(ErrorCode.SNAPSHOT_INVALID, () -> volume.writeMetadata(BAD, name, content));
        assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> rig.snapshot(volume, "bad"));

        assertThat(rig.read(volume, "file")).isEqualTo("then");
        assertThat(volume.snapshots()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void theOthersAreNotConcerned(Damage damage, Rig rig) throws IOException {
        Volume volume = damaged(rig, damage);

        assertRefused(ErrorCode.TAG_NOT_FOUND, () -> volume.snapshotWith(Tag.of("tag")));
        Snapshot good = rig.snapshot(volume, "good", "tag");
        rig.write(volume, "file", "now");
        rig.rollback(volume, "good");

        assertThat(rig.read(volume, "file")).isEqualTo("then");
        assertThat(volume.snapshotWith(Tag.of("tag"))).isEqualTo(good);
        assertThat(Rig.labels(volume)).contains("bad", "good").hasSize(3);
        assertThat(Rig.validLabels(volume)).contains("good").hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void itCanBeRemovedAndItsLabelUsedAgain(Damage damage, Rig rig) throws IOException {
        Volume volume = damaged(rig, damage);
        rig.snapshot(volume, "good");

        volume.removeSnapshot(BAD);

        assertThat(Rig.labels(volume)).containsExactly("good");
        assertThat(Damage.record(rig, volume)).doesNotExist();
        rig.reopen();
        assertThat(Rig.labels(rig.find("base"))).containsExactly("good");
        assertThat(rig.snapshot(rig.find("base"), "bad").valid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theVolumeCanBeRemovedWithIt(Damage damage, Rig rig) throws IOException {
        Volume volume = damaged(rig, damage);
        rig.snapshot(volume, "good");

        rig.store().removeVolume(volume.name());

        assertThat(rig.store().volumes()).isEmpty();
        assertThat(rig.driver().snapshots(volume.name())).isEmpty();
    }

    @Test
    void filesAmongTheRecordsThatAreNoneAreNotSnapshots(Rig rig) throws IOException {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "good");
        Path records = rig.layout().catalog().resolve("base/snapshots");
        Files.writeString(records.resolve(".7f.tmp"), "left by a writer that died", StandardCharsets.UTF_8);

        rig.reopen();

        assertThat(Rig.labels(rig.find("base"))).containsExactly("good");
        assertThat(Invariants.list(records)).containsExactly("good.json");
    }
}
