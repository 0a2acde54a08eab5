package io.varve.driver.btrfs;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.linux.Trees;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A new btrfs filesystem in a sparse file, mounted in a temporary directory; gone when closed. Needs root. */
public final class BtrfsFilesystem implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final long DEFAULT_SIZE = 512L << 20;

    private final Path directory;
    private final Path mountPoint;
    private final String options;
    private final Path image;

    private BtrfsFilesystem(Path directory, String options) {
        this.directory = directory;
        this.mountPoint = directory.resolve("mnt");
        this.image = directory.resolve("image");
        this.options = options;
    }

    /** Whether this host allows it: root, a kernel with btrfs and loop devices, and the tools. */
    public static boolean isPossible() {
        boolean tools = Stream.of("mkfs.btrfs", "btrfs", "mount", "umount", "cp")
                .allMatch(tool -> Commands.find(tool).isPresent());
        return tools && Kernel.isRoot() && Files.exists(Path.of("/dev/loop-control")) && isKnownToKernel();
    }

    private static boolean isKnownToKernel() {
        try {
            return Files.readString(Path.of("/proc/filesystems")).contains("\tbtrfs\n");
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** A filesystem of 512 MiB, which takes only the disk space that is used. */
    public static BtrfsFilesystem make() throws IOException {
        return make(DEFAULT_SIZE);
    }

    /** @param mountOptions added to what every mount here has */
    public static BtrfsFilesystem make(long bytes, String... mountOptions) throws IOException {
        List<String> options = new ArrayList<>(List.of("loop", "nodiscard"));
        options.addAll(Arrays.asList(mountOptions));
        Path directory = Files.createTempDirectory("varve-btrfs-");
        BtrfsFilesystem filesystem = new BtrfsFilesystem(directory, String.join(",", options));
        try {
            filesystem.format(bytes);
            filesystem.mount();
            return filesystem;
        } catch (IOException | RuntimeException failure) {
            Trees.remove(directory);
            throw failure;
        }
    }

    private void format(long bytes) throws IOException {
        Kernel.setPermissions(directory, 0755);
        Files.createDirectory(mountPoint);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        run("mkfs.btrfs", "--quiet", image.toString());
    }

    /** The mount point: the filesystem's top directory. */
    public Path path() {
        return mountPoint;
    }

    public void mount() {
        run("mount", "-o", options, image.toString(), mountPoint.toString());
    }

    public void unmount() {
        run("umount", mountPoint.toString());
    }

    public void remount(String with) {
        run("mount", "-o", "remount," + with, mountPoint.toString());
    }

    /** As if the power failed now: what the filesystem has not sent to its disk yet is lost; then it is mounted again. */
    public void losePower() throws IOException {
        Path survivor = directory.resolve("survivor");
        run("cp", "--sparse=always", image.toString(), survivor.toString());
        unmount();
        Files.move(survivor, image, StandardCopyOption.REPLACE_EXISTING);
        mount();
    }

    /** Runs the btrfs tool. */
    public static void btrfs(String... arguments) {
        run("btrfs", arguments);
    }

    static void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Commands.find(program)
                .orElseThrow(() -> Commands.missing(program))
                .toString());
        command.addAll(Arrays.asList(arguments));
        Commands.run(command, DEADLINE).orThrow("prepare the test");
    }

    @Override
    public void close() throws IOException {
        if (Kernel.stat(mountPoint).inode() == BtrfsIoctls.TOP_INODE) {
            run("umount", "--lazy", "--recursive", mountPoint.toString());
        }
        Trees.remove(directory);
    }
}
