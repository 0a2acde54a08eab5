package io.varve.driver.btrfs;

import io.varve.linux.Directory;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A store in a directory, opened as the layers above the driver do, with the paths that tests look at. */
final class TestStore {
    static final VolumeName SHOP = VolumeName.of("shop");
    static final SnapshotLabel ONE = SnapshotLabel.of("one");
    static final SnapshotLabel TWO = SnapshotLabel.of("two");
    static final SnapshotLabel UNDO = SnapshotLabel.of("undo");

    /** Work that should stop at once. */
    static final Work CANCELLED = new Work() {
        @Override
        public void progress(long done, long total, String unit) {}

        @Override
        public boolean cancelled() {
            return true;
        }
    };

    final StoreLayout layout;
    final Subvolumes raw = new IoctlSubvolumes();
    BtrfsDriver driver;

    TestStore(Path root) throws IOException {
        layout = new StoreLayout(root, DriverType.of("btrfs"));
        for (Path directory : List.of(layout.snapshots(), layout.catalog(), layout.journal(), layout.driverPrivate())) {
            Files.createDirectories(directory);
        }
        driver = open();
    }

    private BtrfsDriver open() {
        return (BtrfsDriver) new BtrfsDriverProvider().open(layout, Map.of());
    }

    /** A new driver on the same store, as after the death of the process. */
    TestStore reopen() {
        driver = open();
        return this;
    }

    TestStore volume(String content) throws IOException {
        driver.createVolume(SHOP, VolumeSpec.unlimited());
        return write(content);
    }

    TestStore write(String content) throws IOException {
        Files.writeString(head().resolve("file"), content);
        return this;
    }

    SnapshotOutcome snapshot(SnapshotLabel label) {
        return driver.createSnapshot(SHOP, label, Work.unwatched());
    }

    SnapshotOutcome revert(SnapshotLabel from) {
        return driver.revert(SHOP, from, UNDO, Work.unwatched());
    }

    Path head() {
        return layout.volume(SHOP);
    }

    Path at(SnapshotLabel label) {
        return layout.snapshot(SHOP, label);
    }

    /** Where a rollback to {@link #UNDO} has its tree. */
    Path begun() {
        return layout.driverPrivate().resolve("reverting/shop/undo");
    }

    String content() throws IOException {
        return Files.readString(head().resolve("file"));
    }

    String content(SnapshotLabel label) throws IOException {
        return Files.readString(at(label).resolve("file"));
    }

    static boolean isReadOnly(Path subvolume) throws IOException {
        try (Directory open = Directory.open(subvolume)) {
            return BtrfsIoctls.info(open.descriptor()).readOnly();
        }
    }

    /** What unfinished work left in the driver's private directory. */
    List<Path> remains() throws IOException {
        List<Path> remains = new ArrayList<>();
        for (String area : List.of("creating", "building", "reverting")) {
            remains.addAll(StoreRoot.entries(layout.driverPrivate().resolve(area)));
        }
        return remains;
    }

    static StorageException assertRefused(ErrorCode code, ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).as("refused with %s", code).isNotNull();
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
        return failure;
    }
}
