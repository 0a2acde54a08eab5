package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.PowerLossHistory.Expected;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Store;
import io.varve.volume.Volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Everything that can be done to one volume, without end. */
final class PowerLossLoad {
    static final List<String> FILES = List.of("one", "two", "directory/three", "directory/four");

    /** Written all the time by another thread; nobody knows what is in it. */
    static final String NOISE = "noise";

    private static final int LARGEST = 100_000;
    private static final int MOST_SNAPSHOTS = 8;

    private final Store store;
    private final PowerLossHistory history;
    private final String name;
    private final RandomGenerator random;
    private final RandomGenerator noise =
            RandomGeneratorFactory.of("L64X128MixRandom").create();

    PowerLossLoad(Store store, PowerLossHistory history, String name, RandomGenerator random) {
        this.store = store;
        this.history = history;
        this.name = name;
        this.random = random;
    }

    /** What a file of a volume holds in a state. */
    static byte[] content(String volume, String file, int state) {
        RandomGenerator content =
                RandomGeneratorFactory.of("L64X128MixRandom").create((volume + file).hashCode() * 1_000_003L + state);
        byte[] bytes = new byte[content.nextInt(LARGEST)];
        content.nextBytes(bytes);
        return bytes;
    }

    void work() {
        while (true) {
            Expected now = history.of(name);
            if (!now.exists) {
                history.during(name, "create", () -> {
                    store.createVolume(VolumeName.of(name), VolumeSpec.unlimited());
                    return "";
                });
                write();
            } else if (now.head == PowerLossHistory.UNKNOWN) {
                write();
            } else {
                act(now);
            }
        }
    }

    private void act(Expected now) {
        int dice = random.nextInt(100);
        List<String> labels = List.copyOf(now.snapshots.keySet());
        if (labels.size() >= MOST_SNAPSHOTS || (dice < 20 && !labels.isEmpty())) {
            remove(any(labels));
        } else if (dice < 40) {
            write();
        } else if (dice < 60 && !labels.isEmpty()) {
            rollback(any(labels));
        } else if (dice < 63) {
            destroy();
        } else {
            snapshot();
        }
    }

    /** Whoever has a file open keeps the volume. */
    private void destroy() {
        synchronized (noise) {
            history.during(name, "destroy", () -> {
                store.removeVolume(VolumeName.of(name));
                return "";
            });
        }
    }

    private String any(List<String> labels) {
        return labels.get(random.nextInt(labels.size()));
    }

    private Volume volume() {
        return store.volume(VolumeName.of(name));
    }

    private void write() {
        int state = random.nextInt(1, Integer.MAX_VALUE);
        history.during(name, "write " + state, () -> {
            for (String file : FILES) {
                writeThrough(volume().path().resolve(file), content(name, file, state));
            }
            return "";
        });
    }

    private static void writeThrough(Path file, byte[] content) {
        try {
            Files.createDirectories(file.resolveSibling(""));
            try (FileChannel out = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
    }

    private void snapshot() {
        String label = "s" + Integer.toUnsignedString(random.nextInt(), 36);
        history.during(name, "snapshot " + label, () -> {
            volume().snapshot(SnapshotRequest.labelled(label));
            return "";
        });
    }

    private void remove(String label) {
        history.during(name, "remove " + label, () -> {
            volume().removeSnapshot(SnapshotLabel.of(label));
            return "";
        });
    }

    private void rollback(String label) {
        history.during(name, "rollback " + label, () -> volume().rollback(
                        SnapshotLabel.of(label), true, Optional.empty(), Optional.empty())
                .undo()
                .label()
                .value());
    }

    /** Writes what is never waited for, whatever else happens to the volume. */
    void disturb() {
        byte[] bytes = new byte[64 << 10];
        while (true) {
            noise.nextBytes(bytes);
            Path head = store.layout().volume(VolumeName.of(name));
            try {
                synchronized (noise) {
                    if (Files.exists(head.resolve("one"))) {
                        Files.write(head.resolve(NOISE + noise.nextInt(4)), bytes);
                    }
                }
                Thread.sleep(5);
            } catch (NoSuchFileException gone) {
                // The volume was just removed or rolled back.
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException end) {
                return;
            }
        }
    }
}
