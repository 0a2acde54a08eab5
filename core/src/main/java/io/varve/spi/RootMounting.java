package io.varve.spi;

import java.nio.file.Path;
import java.util.Map;

/** For a {@link DriverProvider} that can mount the filesystem of a store's root itself, where its options say which. */
public interface RootMounting {
    /** A root that is mounted. */
    interface Mounted {
        /** Unmounts what {@link #mountRoot} mounted, unless others use it; they keep it. Idempotent, never fails. */
        void release();

        /** The same for a root that is refused after all: it is left as it was, without the directory that was made for it. */
        default void undo() {
            release();
        }

        /** Of what the store did not mount. */
        Mounted NOTHING = () -> {};
    }

    /**
     * Mounts the root, making its directory where that is missing; nothing where the options name no filesystem, or the one
     * they name is there already. Called before anything looks into the root, with options that
     * {@link DriverProvider#problems} accepts; nothing is left behind where it fails. Takes no longer than a minute.
     *
     * @param root absolute, without symlinks
     * @throws StorageException {@code BAD_MOUNT} where something else is there or nothing to mount is, {@code OPTION_INVALID},
     *     {@code PERMISSION_DENIED}, {@code DRIVER_UNAVAILABLE}, {@code IO_FAILED} where nobody answers
     */
    Mounted mountRoot(Path root, Map<String, String> options);
}
