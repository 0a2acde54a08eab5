package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class FilesystemSpaceTest {
    private static final long SLACK = 64L << 20;

    @TempDir
    Path temp;

    @Test
    void theFiguresAreThoseTheSystemTells() throws IOException {
        FilesystemSpace space = Kernel.space(temp);
        FileStore same = Files.getFileStore(temp);

        assertThat(space.total()).isEqualTo(same.getTotalSpace());
        assertThat(space.free()).isBetween(same.getUnallocatedSpace() - SLACK, same.getUnallocatedSpace() + SLACK);
        assertThat(space.available()).isBetween(same.getUsableSpace() - SLACK, same.getUsableSpace() + SLACK);
        assertThat(space.readOnly()).isFalse();
    }

    @Test
    @RootOnly
    void usedAndAvailableAddUpToAllThereIs() throws IOException {
        try (MountedPlace mount = MountedPlace.tmpfs(temp.resolve("mounted"))) {
            Files.write(mount.path().resolve("file"), new byte[100_000]);

            FilesystemSpace space = Kernel.space(mount.path());

            assertThat(space.total()).isEqualTo(1 << 20);
            assertThat(space.used()).isEqualTo(102_400);
            assertThat(space.used() + space.available()).isEqualTo(space.total());
        }
    }

    @Test
    @RootOnly
    void aReadOnlyFilesystemSaysSo() throws IOException {
        try (MountedPlace mount = MountedPlace.tmpfs(temp.resolve("mounted"))) {
            MountedPlace.program("mount", "-o", "remount,ro", mount.path().toString());

            assertThat(Kernel.space(mount.path()).readOnly()).isTrue();
        }
    }
}
