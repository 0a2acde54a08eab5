package io.varve.linux;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Taking mounts away, which needs root, and refusing to go on where some are; they are made by {@link DetachedMount}. */
public final class Mounts {
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final int NAMED_AT_MOST = 5;

    private Mounts() {}

    /**
     * Unmounts what is mounted last on a directory and, where that was its last mount, writes everything to the device.
     *
     * @throws KernelException EBUSY where somebody uses it, EINVAL where nothing is mounted there
     */
    public static void unmount(Path target) throws IOException {
        Kernel.check(Kernel.LIBC.umount2(Kernel.bytes(target), UMOUNT_NOFOLLOW), "umount", target);
    }

    /** Takes it off the directory at once; those who use it go on, and when the last one ends it is unmounted. */
    public static void detach(Path target) throws IOException {
        Kernel.check(Kernel.LIBC.umount2(Kernel.bytes(target), UMOUNT_NOFOLLOW | MNT_DETACH), "umount", target);
    }

    /**
     * For a tree that is to be removed or exchanged whole.
     *
     * @param action what is then refused, as the beginning of a sentence
     * @throws StorageException {@code BUSY}, where something is mounted on the tree or inside
     */
    public static void requireNoneWithin(Path tree, String action) throws IOException {
        requireNone(MountTable.read().within(RealPaths.of(tree)), action);
    }

    /** The same for a tree that is a mount point itself. */
    public static void requireNoneBelow(Path tree, String action) throws IOException {
        requireNone(MountTable.read().below(RealPaths.of(tree)), action);
    }

    private static void requireNone(List<MountTable.Mount> mounts, String action) {
        if (mounts.isEmpty()) {
            return;
        }
        String named = mounts.stream()
                .limit(NAMED_AT_MOST)
                .map(mount -> mount.type() + " filesystem " + mount.source() + " is mounted at " + mount.point())
                .collect(Collectors.joining(", "));
        int more = mounts.size() - NAMED_AT_MOST;
        throw new StorageException(
                ErrorCode.BUSY,
                action + ": " + named + (more > 0 ? ", and " + more + " more" : "") + "; unmount it first");
    }
}
