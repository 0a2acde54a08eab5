package io.varve.driver.rsync;

import io.varve.linux.Kernel;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The driver in a process of a user who is not root: of this one, or, where this one is root, of nobody. */
class RsyncUnprivilegedTest {
    private OtherUser user;

    @BeforeEach
    void prepare() throws IOException {
        user = new OtherUser();
    }

    @AfterEach
    void cleanUp() throws IOException {
        user.close();
    }

    /** What it needs root for, mounts, is left out. */
    @Test
    void theWholeConformanceKitHoldsWithoutRoot() throws Exception {
        assertThat(user.run(UnprivilegedConformance.class)).isZero();
    }

    @Test
    void everythingWorksOnWhatTheUserOwns() throws Exception {
        String root = user.newDirectory("store").toString();

        assertThat(user.run(OwnFiles.class, root)).isZero();
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
        String root = user.newDirectory("store").toString();

        assertThat(user.run(Unreadable.class, root)).isZero();
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
