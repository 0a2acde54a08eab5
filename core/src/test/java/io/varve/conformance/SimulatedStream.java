package io.varve.conformance;

import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.spi.Work;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The simulated technology's own stream: each file that the parent has not got alike, as path, mode, length, bytes. */
final class SimulatedStream {
    private SimulatedStream() {}

    static void write(Path tree, Optional<Path> parent, OutputStream target, Work work) throws IOException {
        DataOutputStream data = new DataOutputStream(target);
        data.writeUTF("simulated stream 1");
        for (Path file : files(tree)) {
            Work.checkpoint(work);
            Path inside = tree.relativize(file);
            if (parent.isEmpty() || !alike(file, parent.get().resolve(inside))) {
                entry(data, inside, file);
            }
        }
        data.flush();
    }

    private static List<Path> files(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            return files.filter(file -> !file.equals(tree)).sorted().toList();
        }
    }

    private static boolean alike(Path file, Path other) throws IOException {
        if (!Kernel.exists(other)) {
            return false;
        }
        FileStat one = Kernel.stat(file);
        FileStat two = Kernel.stat(other);
        return one.kind() == two.kind()
                && one.permissions() == two.permissions()
                && one.size() == two.size()
                && one.modified().equals(two.modified());
    }

    private static void entry(DataOutputStream data, Path name, Path file) throws IOException {
        FileStat stat = Kernel.stat(file);
        data.writeUTF(name.toString());
        data.writeInt(stat.kind().bits() | stat.permissions());
        byte[] content = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readAllBytes(file) : new byte[0];
        data.writeLong(content.length);
        data.write(content);
    }
}
