package io.varve.linux;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Something mounted for the length of a test. */
final class MountedPlace implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private final Path point;

    private MountedPlace(Path point) {
        this.point = point;
    }

    static MountedPlace tmpfs(Path point) throws IOException {
        Files.createDirectories(point);
        program("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", point.toString());
        return new MountedPlace(point);
    }

    static MountedPlace bind(Path tree, Path point) throws IOException {
        Files.createDirectories(point);
        program("mount", "--bind", tree.toString(), point.toString());
        return new MountedPlace(point);
    }

    /** A new btrfs in a sparse image file. */
    static MountedPlace btrfs(Path image, Path point) throws IOException {
        Files.createDirectories(point);
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.allocate(1), (256L << 20) - 1);
        }
        program("mkfs.btrfs", "-q", image.toString());
        program("mount", "-o", "loop", image.toString(), point.toString());
        return new MountedPlace(point);
    }

    Path path() {
        return point;
    }

    static void program(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Commands.find(name).orElseThrow(() -> Commands.missing(name)).toString()));
        command.addAll(List.of(arguments));
        Commands.run(command, DEADLINE).orThrow("prepare a test with " + name);
    }

    @Override
    public void close() {
        program("umount", point.toString());
    }
}
