package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

    private static void assertRefused(Path tree, Path named) {
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> Trees.remove(tree))
                .withMessageContaining(named.toString())
                .satisfies(failure -> assertThat(failure.errno()).isEqualTo(Errno.EBUSY));
    }
}
