package io.varve.conformance;

import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.Capability;
import io.varve.spi.ChangeDetection;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Taking;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** A snapshot that is wanted of changes alone is taken after every change, and after nothing else. */
abstract class ChangePromises extends PromiseGroup {
    private static final byte[] NOW = "NOW".getBytes(StandardCharsets.UTF_8);

    /** Ways to change a volume of {@link #volume}. */
    enum Way {
        OTHER_BYTES {
            @Override
            void change(Path head) throws IOException {
                write(head.resolve("file"));
            }
        },
        OTHER_BYTES_BEHIND_AN_OLD_TIME {
            @Override
            void change(Path head) throws IOException {
                FileTime then = Files.getLastModifiedTime(head.resolve("file"));
                write(head.resolve("file"));
                Files.setLastModifiedTime(head.resolve("file"), then);
            }
        },
        OTHER_BYTES_THROUGH_MEMORY {
            @Override
            void change(Path head) throws IOException {
                try (FileChannel file = open(head.resolve("file"))) {
                    MappedByteBuffer memory = file.map(FileChannel.MapMode.READ_WRITE, 0, NOW.length);
                    memory.put(NOW);
                }
            }
        },
        A_LONGER_FILE {
            @Override
            void change(Path head) throws IOException {
                Files.writeString(head.resolve("file"), "more", StandardOpenOption.APPEND);
            }
        },
        A_NEW_FILE {
            @Override
            void change(Path head) throws IOException {
                Files.createFile(head.resolve("directory/new"));
            }
        },
        AN_EMPTY_DIRECTORY {
            @Override
            void change(Path head) throws IOException {
                Files.createDirectory(head.resolve("directory/new"));
            }
        },
        A_FILE_LESS {
            @Override
            void change(Path head) throws IOException {
                Files.delete(head.resolve("directory/inner"));
            }
        },
        ANOTHER_NAME {
            @Override
            void change(Path head) throws IOException {
                Files.move(head.resolve("directory/inner"), head.resolve("directory/other"));
            }
        },
        ANOTHER_LINK_TEXT {
            @Override
            void change(Path head) throws IOException {
                Files.delete(head.resolve("directory/link"));
                Files.createSymbolicLink(head.resolve("directory/link"), Path.of("elsewhere"));
            }
        },
        ANOTHER_MODE {
            @Override
            void change(Path head) throws IOException {
                Kernel.setPermissions(head.resolve("file"), 0600);
            }
        },
        ANOTHER_TIME {
            @Override
            void change(Path head) throws IOException {
                Files.setLastModifiedTime(head.resolve("file"), FileTime.fromMillis(1_000_000_000_000L));
            }
        },
        AN_ATTRIBUTE {
            @Override
            void change(Path head) throws IOException {
                attribute(head, RawName.of("file"));
            }
        },
        ANOTHER_MODE_OF_THE_ROOT {
            @Override
            void change(Path head) throws IOException {
                Kernel.setPermissions(head, 0711);
            }
        };

        abstract void change(Path head) throws IOException;
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static void write(Path file) throws IOException {
        try (FileChannel channel = open(file)) {
            channel.write(ByteBuffer.wrap(NOW), 0);
        }
    }

    /** Where there are no attributes, another change stands in for it. */
    private static void attribute(Path head, RawName name) throws IOException {
        try (Directory directory = Directory.open(head)) {
            directory.setAttribute(name, "user.note", NOW);
        } catch (KernelException failure) {
            assertThat(failure.errno()).isEqualTo(Errno.EOPNOTSUPP);
            Way.ANOTHER_MODE.change(head);
        }
    }

    private static Volume volume(Rig rig) throws IOException {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "then");
        rig.write(volume, "directory/inner", "then");
        Files.createSymbolicLink(volume.path().resolve("directory/link"), Path.of("inner"));
        return volume;
    }

    private static Taking take(Rig rig, Volume volume, String label) {
        rig.clock().pass(Duration.ofSeconds(1));
        return volume.snapshotIfChanged(SnapshotRequest.byPolicy("nightly", Rig.label(label)));
    }

    private static Taking.Unchanged unchangedSince(String label) {
        return new Taking.Unchanged(Rig.label(label));
    }

    @Test
    void theFirstOneIsAlwaysTaken(Rig rig) {
        Volume volume = rig.volume("app");

        assertThat(take(rig, volume, "one")).isInstanceOf(Taking.Taken.class);

        assertThat(take(rig, volume, "two")).isEqualTo(unchangedSince("one"));
    }

    @Test
    void withoutAChangeNoneIsTakenWhoeverTookTheLast(Rig rig) throws IOException {
        Volume volume = volume(rig);
        rig.snapshot(volume, "older");
        rig.snapshot(volume, "one");

        assertThat(take(rig, volume, "two")).isEqualTo(unchangedSince("one"));
        assertThat(rig.read(volume, "file")).isEqualTo("then");
        assertThat(take(rig, volume, "two")).as("after reading").isEqualTo(unchangedSince("one"));
        rig.reopen();
        assertThat(take(rig, rig.find("app"), "two")).as("in the next process").isEqualTo(unchangedSince("one"));

        assertThat(Rig.labels(rig.find("app"))).containsExactly("older", "one");
        rig.snapshot(rig.find("app"), "two");
    }

    @ParameterizedTest
    @EnumSource
    void everyChangeCounts(Way way, Rig rig) throws IOException {
        Volume volume = volume(rig);
        rig.snapshot(volume, "one");

        way.change(volume.path());

        assertThat(take(rig, volume, "two")).isInstanceOf(Taking.Taken.class);
        assertThat(take(rig, volume, "three")).isEqualTo(unchangedSince("two"));
        assertThat(Contents.of(volume.path(Rig.label("two")))).isEqualTo(Contents.of(volume.path()));
    }

    @Test
    void aChangeThatWasTakenBackIsNone(Rig rig) throws IOException {
        Volume volume = volume(rig);
        int mode = Kernel.stat(volume.path().resolve("file")).permissions();
        rig.snapshot(volume, "one");
        Kernel.setPermissions(volume.path().resolve("file"), mode ^ 0111);
        Kernel.setPermissions(volume.path().resolve("file"), mode);

        assertThat(take(rig, volume, "two")).isEqualTo(unchangedSince("one"));
    }

    @Test
    void whatCannotBeComparedIsTaken(Rig rig) throws IOException {
        Volume volume = volume(rig);
        rig.snapshot(volume, "one");
        Way.ANOTHER_MODE.change(volume.path());
        rig.faults().failAt(Faults.Moment.BEFORE, Faults.Call.EXPOSE);

        assertThat(take(rig, volume, "two")).isInstanceOf(Taking.Taken.class);
    }

    @Test
    void afterARollbackTheVolumeIsNotWhatTheNewestSnapshotHolds(Rig rig) throws IOException {
        Volume volume = volume(rig);
        rig.snapshot(volume, "one");
        Way.A_LONGER_FILE.change(volume.path());
        rig.rollback(volume, "one");

        assertThat(take(rig, volume, "two")).isInstanceOf(Taking.Taken.class);

        assertThat(take(rig, volume, "three")).isEqualTo(unchangedSince("two"));
    }

    @Test
    void aDriverThatCanTellIsNeverWrong(DriverRig rig) throws IOException {
        VolumeName volume = rig.volume("app");
        Rig.write(rig.head(volume).resolve("file"), "then");
        rig.snapshot(volume, "one");
        SnapshotLabel one = SnapshotLabel.of("one");
        if (rig.can(Capability.CHANGE_DETECTION)) {
            ChangeDetection driver = (ChangeDetection) rig.driver();
            assertThat(driver.isUnchanged(volume, one)).as("at once").isTrue();
            write(rig.head(volume).resolve("file"));
            assertThat(driver.isUnchanged(volume, one)).as("after writing").isFalse();
            assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> driver.isUnchanged(volume, SnapshotLabel.of("no")), "no");
            assertRefused(ErrorCode.VOLUME_NOT_FOUND, () -> driver.isUnchanged(VolumeName.of("no"), one), "no");
        } else if (rig.driver() instanceof ChangeDetection unable) {
            assertRefused(ErrorCode.NOT_SUPPORTED, () -> unable.isUnchanged(volume, one));
        }
    }
}
