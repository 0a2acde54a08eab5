package io.varve.spi;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StoreLayoutTest {
    private final StoreLayout layout = new StoreLayout(Path.of("/srv/./pool/../volumes"), DriverType.of("btrfs"));
    private final VolumeName volume = VolumeName.of("shop");

    @Test
    void thePathsAreThoseOfTheDesign() {
        assertThat(layout.root()).isEqualTo(Path.of("/srv/volumes"));
        assertThat(layout.volume(volume)).isEqualTo(Path.of("/srv/volumes/shop"));
        assertThat(layout.flagFile()).isEqualTo(Path.of("/srv/volumes/.btrfs/.initialized"));
        assertThat(layout.snapshot(volume, SnapshotLabel.of("one")))
                .isEqualTo(Path.of("/srv/volumes/.btrfs/snapshots/shop/one"));
    }

    @Test
    void nothingOfOursIsInsideALiveVolume() {
        Path head = layout.volume(volume);
        List<Path> ours = List.of(
                layout.home(),
                layout.flagFile(),
                layout.snapshots(volume),
                layout.catalog(),
                layout.journal(),
                layout.driverPrivate());

        assertThat(ours).allMatch(path -> !path.startsWith(head)).allMatch(path -> path.startsWith(layout.home()));
    }

    @Test
    void aRelativeRootIsRefused() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> new StoreLayout(Path.of("srv"), DriverType.of("btrfs")))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PATH_NOT_ABSOLUTE));
    }
}
