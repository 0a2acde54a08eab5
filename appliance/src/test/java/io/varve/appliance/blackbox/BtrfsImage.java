package io.varve.appliance.blackbox;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A new btrfs filesystem in a sparse file, mounted in a temporary directory; gone when closed. Needs root. */
final class BtrfsImage implements AutoCloseable {
    private final Path directory;
    private final Path image;
    private final Path mountPoint;

    private BtrfsImage(Path directory) {
        this.directory = directory;
        this.image = directory.resolve("image");
        this.mountPoint = directory.resolve("mnt");
    }

    /** Whether this host allows it. */
    static boolean isPossible() throws IOException {
        return System.getProperty("user.name", "").equals("root")
                && Files.exists(Path.of("/dev/loop-control"))
                && Files.readString(Path.of("/proc/filesystems")).contains("\tbtrfs\n")
                && Programs.areThere("mkfs.btrfs", "btrfs", "mount", "umount");
    }

    /** @param mebibytes at least 112, the least that mkfs.btrfs takes */
    static BtrfsImage make(int mebibytes) throws IOException {
        BtrfsImage made = new BtrfsImage(Files.createTempDirectory("varve-it-btrfs-"));
        Files.createDirectory(made.mountPoint);
        try (RandomAccessFile file = new RandomAccessFile(made.image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        Programs.run("mkfs.btrfs", "--quiet", made.image.toString());
        made.mount();
        return made;
    }

    Path path() {
        return mountPoint;
    }

    void mount() {
        Programs.run("mount", "-o", "loop,nodiscard", image.toString(), mountPoint.toString());
    }

    /** From now on the place is read-only, although files there are open for writing. */
    void freeze() {
        Programs.run("mount", "--bind", mountPoint.toString(), mountPoint.toString());
        Programs.run("mount", "-o", "remount,bind,ro", mountPoint.toString());
    }

    void thaw() {
        vanish();
    }

    /** Takes it from under whoever uses it. */
    void vanish() {
        Programs.run("umount", "--lazy", mountPoint.toString());
    }

    private boolean isMounted() throws IOException {
        return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + mountPoint + " ");
    }

    @Override
    public void close() throws IOException {
        while (isMounted()) {
            vanish();
        }
        Roots.remove(directory);
    }
}
