package io.varve.conformance;

import io.varve.conformance.Faults.Call;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Something done to a volume {@code app} that has the text {@code now} and a snapshot {@code one} of {@code then}. */
enum Deed {
    CREATE_VOLUME(Call.CREATE_VOLUME) {
        @Override
        void act(Rig rig) {
            rig.volume("second");
        }

        @Override
        boolean done(Rig rig) {
            verifyAppWith(rig, List.of("one"), "now");
            boolean there = rig.store().find(VolumeName.of("second")).isPresent();
            if (there) {
                assertThat(Invariants.list(rig.find("second").path())).isSubsetOf("lost+found");
            }
            return there;
        }
    },
    REMOVE_VOLUME(Call.DELETE_VOLUME) {
        @Override
        void act(Rig rig) {
            rig.store().removeVolume(VolumeName.of("app"));
        }

        @Override
        boolean done(Rig rig) {
            boolean there = rig.store().find(VolumeName.of("app")).isPresent();
            if (there) {
                verifyAppWith(rig, List.of("one"), "now");
            } else {
                assertThat(rig.driver().snapshots(VolumeName.of("app"))).isEmpty();
            }
            return !there;
        }
    },
    CREATE_SNAPSHOT(Call.CREATE_SNAPSHOT) {
        @Override
        void act(Rig rig) {
            rig.snapshot(rig.find("app"), "two", "tag");
        }

        @Override
        boolean done(Rig rig) {
            boolean there = Rig.labels(rig.find("app")).contains("two");
            verifyAppWith(rig, there ? List.of("one", "two") : List.of("one"), "now");
            if (there) {
                assertThat(rig.read(rig.find("app"), "two", "file")).isEqualTo("now");
                assertThat(rig.find("app").snapshot(Rig.label("two")).record().tags())
                        .hasSize(1);
            }
            return there;
        }
    },
    REMOVE_SNAPSHOT(Call.DELETE_SNAPSHOT) {
        @Override
        void act(Rig rig) {
            rig.find("app").removeSnapshot(Rig.label("one"));
        }

        @Override
        boolean done(Rig rig) {
            boolean there = Rig.labels(rig.find("app")).contains("one");
            verifyAppWith(rig, there ? List.of("one") : List.of(), "now");
            return !there;
        }
    },
    ROLLBACK(Call.REVERT) {
        @Override
        void act(Rig rig) {
            rig.rollback(rig.find("app"), "one");
        }

        @Override
        boolean done(Rig rig) {
            Volume volume = rig.find("app");
            assertThat(volume.snapshots()).allMatch(Snapshot::valid);
            assertThat(rig.read(volume, "one", "file")).isEqualTo("then");
            boolean rolledBack = volume.snapshots().size() == 2;
            assertThat(rig.read(volume, "file")).isEqualTo(rolledBack ? "then" : "now");
            if (rolledBack) {
                String undo = Rig.labels(volume).getLast();
                assertThat(undo).startsWith("undo-");
                assertThat(rig.read(volume, undo, "file")).isEqualTo("now");
            }
            return rolledBack;
        }
    };

    private final Call call;

    Deed(Call call) {
        this.call = call;
    }

    /** The driver's part in it. */
    Call call() {
        return call;
    }

    void prepare(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "then");
        rig.write(volume, "directory/second", "steady");
        rig.snapshot(volume, "one");
        rig.write(volume, "file", "now");
    }

    abstract void act(Rig rig);

    /** Does it once more; that it is done already is no failure. */
    void actAgain(Rig rig) {
        try {
            act(rig);
        } catch (StorageException refusal) {
            assertThat(refusal.code()).isEqualTo(ErrorCode.SNAPSHOT_NOT_FOUND);
        }
    }

    /** Whether it has happened; all of it or nothing of it. */
    abstract boolean done(Rig rig);

    private static void verifyAppWith(Rig rig, List<String> labels, String text) {
        Volume volume = rig.find("app");
        assertThat(Rig.labels(volume)).isEqualTo(labels);
        assertThat(Rig.validLabels(volume)).isEqualTo(labels);
        assertThat(rig.read(volume, "file")).isEqualTo(text);
        assertThat(rig.read(volume, "directory/second")).isEqualTo("steady");
        if (labels.contains("one")) {
            assertThat(rig.read(volume, "one", "file")).isEqualTo("then");
        }
    }
}
