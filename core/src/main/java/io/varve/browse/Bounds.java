package io.varve.browse;

import io.varve.linux.FileStat;

/**
 * Where a tree ends: at mount points, and at directories of another device, which nested btrfs subvolumes are. (The
 * device of a file says nothing: overlayfs gives files other ones than directories.)
 */
record Bounds(long mount, long device) {
    static Bounds of(FileStat root) {
        return new Bounds(root.mount(), root.device());
    }

    boolean hold(FileStat entry) {
        boolean sameMount = entry.mount() == mount && !entry.mountRoot();
        return sameMount && (!entry.isDirectory() || entry.device() == device);
    }
}
