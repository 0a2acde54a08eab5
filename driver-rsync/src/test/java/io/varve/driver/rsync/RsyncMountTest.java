package io.varve.driver.rsync;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Heads with something mounted inside, and filesystems that are full. Needs root, to mount. */
class RsyncMountTest {
    @TempDir
    Path temp;

    private final Deque<Path> mounted = new ArrayDeque<>();
    private final Deque<TestStore> opened = new ArrayDeque<>();

    @BeforeEach
    void needRoot() {
        Assumptions.assumeTrue(Kernel.isRoot(), "mounting needs root");
    }

    @AfterEach
    void unmountAll() {
        opened.forEach(TestStore::close);
        mounted.forEach(point -> run("umount", "-l", point.toString()));
    }

    private static void run(String program, String... arguments) {
        List<String> command = new java.util.ArrayList<>(
                List.of(Commands.find(program).orElseThrow().toString()));
        command.addAll(List.of(arguments));
        Commands.run(command, Duration.ofSeconds(20)).orThrow("run " + program);
    }

    private Path mount(Path point, String... options) throws IOException {
        Files.createDirectories(point);
        List<String> arguments = new java.util.ArrayList<>(List.of(options));
        arguments.add(point.toString());
        run("mount", arguments.toArray(String[]::new));
        mounted.push(point);
        return point;
    }

    private TestStore store(Path root) throws IOException {
        TestStore store = TestStore.withVolume(root);
        opened.push(store);
        return store;
    }

    private static void assertRefused(ErrorCode code, String text, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(code))
                .hasMessageContaining(text);
    }

    @Test
    void whatIsMountedInAHeadIsNamedAndNeitherCopiedNorRemoved() throws IOException {
        TestStore store = store(temp);
        Path other = mount(store.head().resolve("mnt *[1]"), "-t", "tmpfs", "tmpfs");
        Files.writeString(other.resolve("foreign"), "not ours");
        Path source = Files.createDirectories(temp.resolve("source"));
        Files.writeString(source.resolve("foreign"), "not ours");
        Path bound = mount(store.head().resolve("bound?"), "--bind", source.toString());

        for (String label : List.of("one", "two")) {
            List<String> warnings = store.take(label).warnings();

            assertThat(warnings).hasSize(2);
            assertThat(String.join(" ", warnings)).contains("mnt *[1]", "bound?");
            assertThat(store.snapshot(label).resolve("mnt *[1]")).isEmptyDirectory();
            assertThat(store.snapshot(label).resolve("bound?")).isEmptyDirectory();
        }
        assertRefused(ErrorCode.BUSY, "is mounted at", () -> store.revert("one", "undo"));
        assertRefused(ErrorCode.BUSY, "is mounted at", () -> store.driver().deleteVolume(TestStore.VOLUME));
        assertThat(other.resolve("foreign")).hasContent("not ours");
        assertThat(bound.resolve("foreign")).hasContent("not ours");
        assertThat(store.labels()).containsExactly("one", "two");
    }

    @Test
    void aSnapshotWithAMountInsideIsNotRemoved() throws IOException {
        TestStore store = store(temp);
        Files.createDirectory(store.head().resolve("mnt"));
        store.take("one");
        Path point = mount(store.snapshot("one").resolve("mnt"), "-t", "tmpfs", "tmpfs");

        assertRefused(ErrorCode.BUSY, point.toString(), () -> store.driver()
                .deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of("one")));
        assertThat(store.labels()).containsExactly("one");
    }

    @Test
    void onAFullDiskACopyLeavesNothingAndRemovalWorks() throws IOException {
        Path disk = mount(temp.resolve("disk"), "-t", "tmpfs", "-o", "size=6m", "tmpfs");
        TestStore store = store(disk);
        Files.write(store.head().resolve("half"), new byte[1 << 20]);
        Files.write(store.head().resolve("random"), random(1 << 20));
        store.take("one");
        long available = Kernel.space(disk).available();
        Files.write(store.head().resolve("filler"), random((int) available));

        assertRefused(ErrorCode.NO_SPACE, "No space left", () -> store.take("two"));
        assertRefused(ErrorCode.NO_SPACE, "No space left", () -> store.revert("one", "undo"));
        assertThat(store.labels()).containsExactly("one");
        assertThat(store.head().resolve("filler")).exists();

        store.driver().deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of("one"));
        store.driver().deleteVolume(TestStore.VOLUME);
        store.close();
        assertThat(store.remains()).isEmpty();
        assertThat(Kernel.space(disk).available()).isGreaterThan(2 << 20);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new java.util.Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aStoreInSeveralFilesystemsIsRefused() throws IOException {
        mount(temp.resolve(".rsync/driver"), "-t", "tmpfs", "tmpfs");

        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, "is not on the filesystem of", () -> {
            try {
                store(temp);
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
        });
    }

    @Test
    void aReadOnlyFilesystemIsNoPlaceForAStore() throws IOException {
        Path disk = mount(temp.resolve("disk"), "-t", "tmpfs", "-o", "ro", "tmpfs");

        assertThat(new RsyncDriverProvider().probe(disk.resolve("store")))
                .asString()
                .contains("read-only");
    }
}
