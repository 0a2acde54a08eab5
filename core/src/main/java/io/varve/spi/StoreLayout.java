package io.varve.spi;

import java.nio.file.Path;

/**
 * Where everything of a store is; the only place that builds these paths.
 *
 * <pre>
 * root/VOLUME/                          live tree
 * root/.TYPE/.initialized               flag file: this root is a store of TYPE
 * root/.TYPE/snapshots/VOLUME/LABEL/    read-only trees
 * root/.TYPE/catalog/, journal/         records of the layers above the driver
 * root/.TYPE/driver/                    the driver's own files: staging, trash, devices
 * </pre>
 *
 * @param root absolute and normalised
 */
public record StoreLayout(Path root, DriverType type) {
    public StoreLayout {
        if (!root.isAbsolute()) {
            throw new StorageException(ErrorCode.PATH_NOT_ABSOLUTE, "store root '" + root + "' is not absolute");
        }
        root = root.normalize();
    }

    /** Everything that is not a live tree. */
    public Path home() {
        return root.resolve("." + type);
    }

    public Path flagFile() {
        return home().resolve(".initialized");
    }

    /** The live tree of a volume. */
    public Path volume(VolumeName volume) {
        return root.resolve(volume.value());
    }

    /** The parent of all snapshots of all volumes. */
    public Path snapshots() {
        return home().resolve("snapshots");
    }

    public Path snapshots(VolumeName volume) {
        return snapshots().resolve(volume.value());
    }

    public Path snapshot(VolumeName volume, SnapshotLabel label) {
        return snapshots(volume).resolve(label.value());
    }

    public Path catalog() {
        return home().resolve("catalog");
    }

    public Path journal() {
        return home().resolve("journal");
    }

    /** The driver's own directory; nobody else looks into it. */
    public Path driverPrivate() {
        return home().resolve("driver");
    }
}
