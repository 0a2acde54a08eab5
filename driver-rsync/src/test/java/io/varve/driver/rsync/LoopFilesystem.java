package io.varve.driver.rsync;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.linux.Trees;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A new filesystem in a sparse file, mounted in a temporary directory; gone when closed. Needs root.
 *
 * @param directory what holds the file and the mount point
 */
record LoopFilesystem(Path directory) implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    /** Whether this host allows it: root, a kernel that knows the type, loop devices, and the tools. */
    static boolean isPossible(String type) throws IOException {
        boolean known = Files.readString(Path.of("/proc/filesystems")).lines().anyMatch(line -> line.strip()
                .equals(type));
        return known
                && Kernel.isRoot()
                && Files.exists(Path.of("/dev/loop-control"))
                && Stream.of("mkfs." + type, "mount", "umount")
                        .allMatch(tool -> Commands.find(tool).isPresent());
    }

    /** @param bytes of which only what is used takes disk space */
    static LoopFilesystem make(String type, long bytes) throws IOException {
        LoopFilesystem made = new LoopFilesystem(Files.createTempDirectory("varve-rsync-" + type + "-"));
        Path image = made.directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        Files.createDirectory(made.path());
        run("mkfs." + type, "-q", image.toString());
        run("mount", "-o", "loop,nodiscard", image.toString(), made.path().toString());
        return made;
    }

    /** The mount point: the filesystem's top directory. */
    Path path() {
        return directory.resolve("mnt");
    }

    private static void run(String program, String... arguments) {
        Path path = Commands.find(program).orElseThrow(() -> Commands.missing(program));
        List<String> command =
                Stream.concat(Stream.of(path.toString()), Stream.of(arguments)).toList();
        Commands.run(command, DEADLINE).orThrow("prepare the test");
    }

    @Override
    public void close() throws IOException {
        run("umount", "--lazy", "--recursive", path().toString());
        Trees.remove(directory);
    }
}
