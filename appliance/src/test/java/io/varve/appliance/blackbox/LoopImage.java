package io.varve.appliance.blackbox;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A new filesystem in a sparse file, mounted in a temporary directory; gone when closed. Needs root. */
final class LoopImage implements AutoCloseable {
    private final Path directory;
    private final Path image;
    private final Path mountPoint;

    private LoopImage(Path directory) {
        this.directory = directory;
        this.image = directory.resolve("image");
        this.mountPoint = directory.resolve("mnt");
    }

    /** Whether this host allows it. */
    static boolean isPossible() throws IOException {
        return System.getProperty("user.name", "").equals("root")
                && Files.exists(Path.of("/dev/loop-control"))
                && Files.readString(Path.of("/proc/filesystems")).contains("\tbtrfs\n")
                && Programs.areThere("mkfs.btrfs", "mkfs.ext4", "btrfs", "mount", "umount");
    }

    /** @param mebibytes at least 112, the least that mkfs.btrfs takes */
    static LoopImage btrfs(int mebibytes) throws IOException {
        return make(mebibytes, "mkfs.btrfs", "--quiet");
    }

    static LoopImage ext4(int mebibytes) throws IOException {
        return make(mebibytes, "mkfs.ext4", "-q", "-m", "0");
    }

    private static LoopImage make(int mebibytes, String... formatting) throws IOException {
        LoopImage made = new LoopImage(Files.createTempDirectory("varve-it-image-"));
        Files.createDirectory(made.mountPoint);
        try (RandomAccessFile file = new RandomAccessFile(made.image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        List<String> command = new ArrayList<>(List.of(formatting));
        command.add(made.image.toString());
        Programs.run(command.toArray(String[]::new));
        made.mount();
        return made;
    }

    Path path() {
        return mountPoint;
    }

    void mount() {
        Programs.run("mount", "-o", "loop,nodiscard", image.toString(), mountPoint.toString());
    }

    /**
     * From now on the place is read-only, although files there are open for writing: a read-only mount, made aside where
     * nobody writes, is put over it.
     */
    void freeze() {
        String aside = directory.resolve("frozen").toString();
        Programs.run("mkdir", "-p", aside);
        Programs.run("mount", "--bind", mountPoint.toString(), aside);
        Programs.run("mount", "-o", "remount,bind,ro", aside);
        Programs.run("mount", "--bind", aside, mountPoint.toString());
        Programs.run("umount", "--lazy", aside);
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
