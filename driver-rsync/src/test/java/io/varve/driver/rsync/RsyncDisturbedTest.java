package io.varve.driver.rsync;

import io.varve.linux.Kernel;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Heads that change while they are copied, and copies that are stopped. */
class RsyncDisturbedTest {
    /** More than a walk passes over between two looks at the work. */
    private static final int MANY = 300;

    @TempDir
    Path root;

    private TestStore store;

    @BeforeEach
    void open() throws IOException {
        store = TestStore.withVolume(root);
        for (int i = 0; i < MANY; i++) {
            Files.writeString(store.head().resolve("file" + i), "content " + i);
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private interface Disturbance {
        void happen() throws IOException;
    }

    /** Work that is never cancelled; the disturbance happens each time somebody asks whether it is. */
    private static Work disturbedBy(Disturbance disturbance) {
        return TestStore.until(() -> {
            try {
                disturbance.happen();
                return false;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    /** Removes every file of a set that a walk may have seen, and makes another one. */
    private void replaceVictims(AtomicInteger generation) throws IOException {
        int next = generation.incrementAndGet();
        for (int i = 0; i < MANY; i++) {
            Files.deleteIfExists(store.head().resolve("victim" + i + "." + (next - 1)));
            if (i % 20 == 0) {
                Files.writeString(store.head().resolve("victim" + i + "." + next), "short life");
            }
        }
    }

    @Test
    void filesThatVanishAtEveryAttemptAreAWarning() throws IOException {
        store.take("one");
        AtomicInteger generation = new AtomicInteger();
        replaceVictims(generation);

        SnapshotOutcome outcome = store.take("two", disturbedBy(() -> replaceVictims(generation)));

        assertThat(outcome.warnings())
                .singleElement()
                .asString()
                .contains("vanished")
                .contains("victim");
        assertThat(store.labels()).containsExactly("one", "two");
        for (int i = 0; i < MANY; i++) {
            assertThat(store.snapshot("two").resolve("file" + i)).hasContent("content " + i);
        }
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void filesThatVanishOnceAreNoWarningAndTheSecondAttemptLeavesOlderSnapshotsAlone() throws IOException {
        store.take("one");
        Map<String, String> before = TestStore.describe(store.snapshot("one"));
        AtomicInteger generation = new AtomicInteger();
        replaceVictims(generation);
        AtomicBoolean happened = new AtomicBoolean();

        SnapshotOutcome outcome = store.take("two", disturbedBy(() -> {
            if (happened.compareAndSet(false, true)) {
                replaceVictims(generation);
                for (int i = 0; i < MANY; i++) {
                    Kernel.setPermissions(store.head().resolve("file" + i), 0600);
                }
            }
        }));

        assertThat(outcome.warnings()).isEmpty();
        assertThat(TestStore.describe(store.snapshot("two"))).isEqualTo(TestStore.describe(store.head()));
        assertThat(TestStore.describe(store.snapshot("one"))).isEqualTo(before);
    }

    @Test
    void aHeadInConstantUseIsCopiedWithAllThatStays() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Thread churn = Thread.ofPlatform().start(() -> churn(stop));
        try {
            for (int i = 0; i < 3; i++) {
                store.take("s" + i);
                for (int j = 0; j < MANY; j++) {
                    assertThat(store.snapshot("s" + i).resolve("file" + j)).hasContent("content " + j);
                }
            }
        } finally {
            stop.set(true);
            churn.join();
        }
    }

    private void churn(AtomicBoolean stop) {
        try {
            for (int i = 0; !stop.get(); i++) {
                Path directory = Files.createDirectory(store.head().resolve("d" + i % 50));
                Path temporary = Files.writeString(directory.resolve("t.tmp"), "x".repeat(i % 5000));
                Files.move(temporary, directory.resolve("t"));
                Files.writeString(store.head().resolve("log"), "line\n".repeat(i % 2000));
                Thread.sleep(1);
                Files.delete(directory.resolve("t"));
                Files.delete(directory);
            }
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aCancelledCopyLeavesNothing() throws IOException {
        assertThatThrownBy(() -> store.take("one", TestStore.until(this::hasBegunToCopy)))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CANCELLED));
        assertThat(store.labels()).isEmpty();
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void anInterruptedCallerLeavesNothing() throws IOException {
        Work interrupting = TestStore.until(() -> {
            if (hasBegunToCopy()) {
                Thread.currentThread().interrupt();
            }
            return false;
        });

        assertThatThrownBy(() -> store.take("one", interrupting))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CANCELLED));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.labels()).isEmpty();
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    private boolean hasBegunToCopy() {
        try (Stream<Path> rooms = Files.list(store.layout.driverPrivate().resolve("staging"))) {
            return rooms.findAny().isPresent();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void aKilledProcessLeavesNothingThatLooksLikeASnapshot() throws Exception {
        Process process = ChildJvm.start(SnapshotThenDie.class, root.toString());
        assertThat(process.waitFor()).isEqualTo(SnapshotThenDie.STATUS);
        try (Stream<Path> rooms = Files.list(store.layout.driverPrivate().resolve("staging"))) {
            assertThat(rooms).isNotEmpty();
        }

        store.reopen();

        assertThat(store.labels()).isEmpty();
        store.take("one");
        assertThat(TestStore.describe(store.snapshot("one"))).isEqualTo(TestStore.describe(store.head()));
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    /** Begins a snapshot and dies, as by SIGKILL, while rsync runs. */
    static final class SnapshotThenDie {
        static final int STATUS = 77;

        private SnapshotThenDie() {}

        public static void main(String[] arguments) throws IOException {
            TestStore store = TestStore.open(Path.of(arguments[0]));
            Path staging = store.layout.driverPrivate().resolve("staging");
            store.driver().createSnapshot(TestStore.VOLUME, SnapshotLabel.of("one"), TestStore.until(() -> {
                if (hasFile(staging)) {
                    Runtime.getRuntime().halt(STATUS);
                }
                return false;
            }));
        }

        private static boolean hasFile(Path staging) {
            try (Stream<Path> paths = Files.walk(staging)) {
                return paths.anyMatch(path -> path.getFileName().toString().contains("file"));
            } catch (IOException | UncheckedIOException changing) {
                return false;
            }
        }
    }
}
