package io.varve.driver.btrfs;

import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import static io.varve.driver.btrfs.TestStore.ONE;
import static io.varve.driver.btrfs.TestStore.SHOP;
import static io.varve.driver.btrfs.TestStore.TWO;
import static io.varve.driver.btrfs.TestStore.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@RequiresBtrfs
class SendStreamTest {
    private static BtrfsFilesystem filesystem;
    private TestStore store;
    private Path received;
    private Path stream;

    @BeforeAll
    static void makeFilesystem() throws IOException {
        filesystem = BtrfsFilesystem.make();
    }

    @AfterAll
    static void removeFilesystem() throws IOException {
        filesystem.close();
    }

    @BeforeEach
    void fillAVolume(TestInfo test) throws IOException {
        Path place =
                filesystem.path().resolve(test.getTestMethod().orElseThrow().getName());
        store = new TestStore(place.resolve("store")).volume("content");
        received = Files.createDirectory(place.resolve("received"));
        stream = place.resolve("stream");
        byte[] noise = new byte[3 << 20];
        new Random(42).nextBytes(noise);
        Files.write(store.head().resolve("noise"), noise);
        Files.createDirectories(store.head().resolve("a/b"));
        try (Directory head = Directory.open(store.head())) {
            head.makeSymlink(RawName.of("symlink"), RawName.of("../nowhere"));
            head.makeLink(RawName.of("hard"), head, RawName.of("file"));
            head.makeNode(RawName.of("fifo"), FileKind.FIFO, 0640, 0);
            head.setAttribute(RawName.of("file"), "user.colour", new byte[] {1, 0, 2});
            head.setOwner(RawName.of("noise"), 1234, 4321);
            head.setPermissions(RawName.of("noise"), 04751);
        }
        store.snapshot(ONE);
    }

    @Test
    void aReceivedStreamIsTheSnapshot() throws IOException {
        AtomicLong told = new AtomicLong();
        send(ONE, Optional.empty(), progress(told));

        receive();

        assertThat(told).hasValue(Files.size(stream));
        assertThat(fingerprints(received.resolve("one"))).isEqualTo(fingerprints(store.at(ONE)));
    }

    @Test
    void anIncrementalStreamBuildsOnItsParentAndIsSmall() throws IOException {
        send(ONE, Optional.empty(), Work.unwatched());
        receive();
        store.write("changed");
        Files.delete(store.head().resolve("symlink"));
        Files.writeString(store.head().resolve("a/b/new"), "new");
        store.snapshot(TWO);

        send(TWO, Optional.of(ONE), Work.unwatched());
        receive();

        assertThat(Files.size(stream)).isLessThan(4096);
        assertThat(fingerprints(received.resolve("two"))).isEqualTo(fingerprints(store.at(TWO)));
        assertThat(fingerprints(store.at(TWO))).isNotEqualTo(fingerprints(store.at(ONE)));
    }

    @Test
    void unknownSnapshotsAndParentsAreRefused() throws IOException {
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> send(TWO, Optional.empty(), Work.unwatched()));
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> send(ONE, Optional.of(TWO), Work.unwatched()));
        assertThat(stream).isEmptyFile();
    }

    @Test
    void cancellingEndsTheStreamAndFreesTheSnapshot() {
        Work cancelled = new Work() {
            private long seen;

            @Override
            public void progress(long done, long total, String unit) {
                seen = done;
            }

            @Override
            public boolean cancelled() {
                return seen > 100_000;
            }
        };

        assertRefused(ErrorCode.CANCELLED, () -> send(ONE, Optional.empty(), cancelled));
        store.driver.deleteSnapshot(SHOP, ONE);
    }

    @Test
    void aTargetThatBreaksEndsTheStreamAndFreesTheSnapshot() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("the line broke");
            }
        };

        assertThatThrownBy(() -> store.driver.send(SHOP, ONE, Optional.empty(), broken, Work.unwatched()))
                .hasMessageContaining("the line broke");
        store.driver.deleteSnapshot(SHOP, ONE);
    }

    @Test
    void aSnapshotThatIsBeingSentIsBusy() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                begun.countDown();
                await(goOn);
            }
        };
        CompletableFuture<Void> sending = CompletableFuture.runAsync(
                () -> store.driver.send(SHOP, ONE, Optional.empty(), slow, Work.unwatched()));
        try {
            await(begun);
            assertRefused(ErrorCode.BUSY, () -> store.driver.deleteSnapshot(SHOP, ONE));
        } finally {
            goOn.countDown();
            sending.join();
        }
        store.driver.deleteSnapshot(SHOP, ONE);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(SnapshotLabel label, Optional<SnapshotLabel> parent, Work work) throws IOException {
        try (OutputStream target = Files.newOutputStream(stream)) {
            store.driver.send(SHOP, label, parent, target, work);
        }
    }

    private void receive() {
        BtrfsFilesystem.btrfs("receive", "-f", stream.toString(), received.toString());
    }

    private static Work progress(AtomicLong told) {
        return new Work() {
            @Override
            public void progress(long done, long total, String unit) {
                told.set(done);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
    }

    /** All of a tree that a stream carries, by relative path. */
    private static Map<String, String> fingerprints(Path tree) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Directory top = Directory.open(tree)) {
            collect(top, "", all);
        }
        return all;
    }

    private static void collect(Directory directory, String prefix, Map<String, String> all) throws IOException {
        for (RawName name : directory.names()) {
            FileStat stat = directory.stat(name);
            all.put(prefix + name, describe(directory, name, stat));
            if (stat.isDirectory()) {
                try (Directory below = directory.openDirectory(name)) {
                    collect(below, prefix + name + "/", all);
                }
            }
        }
    }

    private static String describe(Directory directory, RawName name, FileStat stat) throws IOException {
        String content =
                switch (stat.kind()) {
                    case REGULAR -> digest(directory, name) + attributes(directory, name);
                    case SYMLINK -> directory.readLink(name).toString();
                    case DIRECTORY, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> "";
                };
        return stat.kind() + " " + stat.permissions() + " " + stat.owner() + ":" + stat.group() + " " + stat.links()
                + " " + stat.modified() + " " + content;
    }

    private static int digest(Directory directory, RawName name) throws IOException {
        return Arrays.hashCode(Files.readAllBytes(
                Path.of("/proc/self/fd/" + directory.descriptor().number(), name.toString())));
    }

    private static String attributes(Directory directory, RawName name) throws IOException {
        StringBuilder text = new StringBuilder();
        directory.attributes(name).forEach((key, value) -> text.append(key).append(Arrays.toString(value)));
        return text.toString();
    }
}
