package io.varve.linux;

import java.io.IOException;
import java.nio.file.Path;

/** Taking mounts away; they are made by {@link DetachedMount}. Needs root. */
public final class Mounts {
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

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
}
