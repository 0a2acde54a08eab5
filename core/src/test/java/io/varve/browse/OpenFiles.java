package io.varve.browse;

import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this process has open below a directory. */
final class OpenFiles {
    private OpenFiles() {}

    static List<String> below(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                String target = Files.isSymbolicLink(descriptor)
                        ? Files.readSymbolicLink(descriptor).toString()
                        : "";
                if (target.startsWith(directory.toString())) {
                    found.add(target);
                }
            }
        }
        return found;
    }

    static RawName bytes(int... bytes) {
        byte[] name = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            name[i] = (byte) bytes[i];
        }
        return RawName.of(name);
    }
}
