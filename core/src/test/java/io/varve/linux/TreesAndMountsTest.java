package io.varve.linux;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

@RootOnly
class TreesAndMountsTest {
    @TempDir
    Path temp;

    @Test
    void whatIsMountedInsideATreeStaysAndIsNamed() throws IOException {
        Path tree = Files.createDirectories(temp.resolve("tree"));
        try (MountedPlace mount = MountedPlace.tmpfs(tree.resolve("a/mounted"))) {
            Path precious = Files.createFile(mount.path().resolve("precious"));

            assertRefused(tree, mount.path());

            assertThat(precious).exists();
        }
    }

    @Test
    void aBindMountOfTheSameFilesystemStaysToo() throws IOException {
        Path precious = Files.createFile(
                Files.createDirectories(temp.resolve("elsewhere")).resolve("precious"));
        Path tree = Files.createDirectories(temp.resolve("tree"));
        try (MountedPlace mount = MountedPlace.bind(temp.resolve("elsewhere"), tree.resolve("bound"))) {
            assertRefused(tree, mount.path());
        }
        assertThat(precious).exists();
    }

    @Test
    void aTreeThatIsAMountPointItselfStays() throws IOException {
        try (MountedPlace mount = MountedPlace.tmpfs(temp.resolve("mounted"))) {
            Path precious = Files.createFile(mount.path().resolve("precious"));

            assertRefused(mount.path(), mount.path());

            assertThat(precious).exists();
        }
    }

    @Test
    void aNestedSubvolumeStaysAndTheOneAroundItCanBeRemoved() throws IOException {
        try (MountedPlace mount = MountedPlace.btrfs(temp.resolve("image"), temp.resolve("btrfs"))) {
            Path outer = mount.path().resolve("outer");
            Path inner = outer.resolve("plain/inner");
            MountedPlace.program("btrfs", "subvolume", "create", outer.toString());
            Files.createDirectory(outer.resolve("plain"));
            MountedPlace.program("btrfs", "subvolume", "create", inner.toString());
            Path precious = Files.createFile(inner.resolve("precious"));

            assertRefused(outer, inner);
            assertThat(precious).exists();

            MountedPlace.program("btrfs", "subvolume", "delete", inner.toString());
            Trees.remove(outer);
            assertThat(outer).doesNotExist();
        }
    }

    @Test
    void whatIsMountedOnATreeOrInsideForbidsToTouchItWholeByWhateverPathItIsCalled() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), temp.toRealPath());
        try (MountedPlace outer = MountedPlace.tmpfs(temp.toRealPath().resolve("tree"))) {
            Path called = link.resolve("tree");

            assertThatNoException().isThrownBy(() -> Mounts.requireNoneBelow(called, "cannot resize"));
            assertBusy(() -> Mounts.requireNoneWithin(called, "cannot remove"), "cannot remove: tmpfs", outer.path());
            try (MountedPlace inner = MountedPlace.tmpfs(outer.path().resolve("a/b"))) {
                assertBusy(
                        () -> Mounts.requireNoneBelow(called, "cannot resize"), "cannot resize: tmpfs", inner.path());
            }
        }
    }

    private static void assertBusy(ThrowingCallable touched, String beginning, Path named) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(touched)
                .withMessageStartingWith(beginning)
                .withMessageContaining(named.toString())
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BUSY));
    }

    private static void assertRefused(Path tree, Path named) {
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> Trees.remove(tree))
                .withMessageContaining(named.toString())
                .satisfies(failure -> assertThat(failure.errno()).isEqualTo(Errno.EBUSY));
    }
}
