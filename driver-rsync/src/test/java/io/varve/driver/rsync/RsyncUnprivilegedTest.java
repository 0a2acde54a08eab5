package io.varve.driver.rsync;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.linux.Trees;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The driver in a process of a user who is not root: of this one, or, where this one is root, of nobody. */
class RsyncUnprivilegedTest {
    private static final String NOBODY = "65534";
    private static final int ALL = 0777;

    private Path temp = Path.of("/");

    @BeforeEach
    void makeDirectoryForAll() throws IOException {
        // JUnit's own temporary directories are for their owner alone.
        temp = Files.createTempDirectory("varve-rsync");
        Kernel.setPermissions(temp, ALL);
    }

    @AfterEach
    void removeDirectory() throws IOException {
        Trees.remove(temp);
    }

    private int runAsUser(Class<?> main, Path root) throws Exception {
        if (!Kernel.isRoot()) {
            return ChildJvm.start(main, root.toString()).waitFor();
        }
        String setpriv = Commands.find("setpriv").orElseThrow().toString();
        List<String> prefix = List.of(setpriv, "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        return ChildJvm.start(prefix, readableClassPath(), main, root.toString())
                .waitFor();
    }

    /** The class path may be below a home directory that others cannot enter. */
    private String readableClassPath() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":", 0)) {
            Path copy = temp.resolve("cp" + entries.size());
            copyTree(Path.of(entry), copy);
            entries.add(copy.toString());
        }
        return String.join(":", entries);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    @Test
    void everythingWorksOnWhatTheUserOwns() throws Exception {
        Path root = Files.createDirectory(temp.resolve("store"));
        Kernel.setPermissions(root, ALL);

        assertThat(runAsUser(OwnFiles.class, root)).isZero();
    }

    /** A life of a volume. */
    static final class OwnFiles {
        private OwnFiles() {}

        public static void main(String[] arguments) throws IOException {
            assertThat(Kernel.isRoot()).isFalse();
            TestStore store = TestStore.withVolume(Path.of(arguments[0]));
            Path file = Files.writeString(store.head().resolve("file"), "before");
            Path locked = Files.createDirectory(store.head().resolve("locked"));
            Files.writeString(locked.resolve("inside"), "inside");
            Kernel.setPermissions(locked, 0500);
            // A directory that its owner may not write to can still be moved.
            Kernel.setPermissions(store.head(), 0555);

            assertThat(store.take("one").warnings()).isEmpty();
            TestStore.changeQuietly(file, "after!");
            assertThat(store.take("two").warnings()).isEmpty();
            assertSame(store.head(), store.snapshot("two"));
            assertThat(TestStore.inode(store.snapshot("two").resolve("locked/inside")))
                    .isEqualTo(TestStore.inode(store.snapshot("one").resolve("locked/inside")));

            Map<String, String> old = TestStore.describe(store.head());
            store.revert("one", "undo");
            assertSame(store.snapshot("one"), store.head());
            assertThat(TestStore.describe(store.snapshot("undo"))).isEqualTo(old);

            for (String label : List.of("one", "two", "undo")) {
                store.driver().deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of(label));
            }
            store.driver().deleteVolume(TestStore.VOLUME);
            store.close();
            assertThat(store.remains()).isEmpty();
        }

        private static void assertSame(Path one, Path other) throws IOException {
            assertThat(TestStore.describe(one)).isEqualTo(TestStore.describe(other));
        }
    }

    @Test
    void whatTheUserMayNotReadIsNamedAndLeavesNoSnapshot() throws Exception {
        Path root = Files.createDirectory(temp.resolve("store"));
        Kernel.setPermissions(root, ALL);

        assertThat(runAsUser(Unreadable.class, root)).isZero();
    }

    /** A file and a directory without any permission, in a first and in a later snapshot. */
    static final class Unreadable {
        private Unreadable() {}

        public static void main(String[] arguments) throws IOException {
            TestStore store = TestStore.withVolume(Path.of(arguments[0]));
            Path file = Files.writeString(store.head().resolve("secret"), "x");
            assertDenied(store, file);
            store.take("one");
            Files.writeString(file, "y");
            assertDenied(store, file);
            assertDenied(store, Files.createDirectory(store.head().resolve("closed")));
            assertThat(store.labels()).containsExactly("one");
            store.close();
        }

        private static void assertDenied(TestStore store, Path path) throws IOException {
            Kernel.setPermissions(path, 0);
            assertThatThrownBy(() -> store.take("denied"))
                    .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                            .isEqualTo(ErrorCode.PERMISSION_DENIED))
                    .hasMessageContaining(path.getFileName().toString());
            Kernel.setPermissions(path, 0700);
        }
    }
}
