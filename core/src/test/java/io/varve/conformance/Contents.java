package io.varve.conformance;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileStat;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Everything a tree is, as text to compare: for each name its kind, mode, owner, size, time, bytes, link target,
 * attributes, and which other name is the same file. A filesystem's own {@code lost+found} does not count.
 *
 * @param entries by path, as ISO 8859-1, the tree itself as {@code .}
 */
record Contents(SortedMap<String, String> entries) {
    private static final RawName LOST_AND_FOUND = RawName.of("lost+found");

    static Contents of(Path tree) {
        try (Directory directory = Directory.open(tree)) {
            Reader reader = new Reader();
            reader.entries.put(".", reader.common(directory.stat(), directory.attributes(RawName.of("."))));
            reader.read(directory, RawName.of(""));
            return new Contents(reader.entries);
        } catch (IOException failure) {
            throw new AssertionError("cannot read " + tree, failure);
        }
    }

    private static final class Reader {
        private final SortedMap<String, String> entries = new TreeMap<>();
        private final Map<Long, String> files = new HashMap<>();

        void read(Directory directory, RawName path) throws IOException {
            for (RawName name : directory.names().stream().sorted().toList()) {
                if (path.length() > 0 || !name.equals(LOST_AND_FOUND)) {
                    read(directory, name, path.resolve(name));
                }
            }
        }

        private void read(Directory directory, RawName name, RawName path) throws IOException {
            FileStat stat = directory.stat(name);
            String first = stat.isDirectory() ? "" : files.putIfAbsent(stat.inode(), path.latin1());
            if (first != null && !first.isEmpty()) {
                entries.put(path.latin1(), "the same file as " + first);
                return;
            }
            String text = common(stat, directory.attributes(name)) + particular(directory, name, stat);
            entries.put(path.latin1(), text);
            if (stat.isDirectory()) {
                try (Directory inside = directory.openDirectory(name)) {
                    read(inside, path);
                }
            }
        }

        String common(FileStat stat, Map<String, byte[]> attributes) {
            StringBuilder text = new StringBuilder(stat.kind().toString());
            text.append(' ').append(Integer.toOctalString(stat.permissions()));
            text.append(' ').append(stat.owner()).append(':').append(stat.group());
            text.append(' ').append(stat.modified());
            attributes.forEach((name, value) -> text.append(' ')
                    .append(name)
                    .append('=')
                    .append(HexFormat.of().formatHex(value)));
            return text.toString();
        }

        private String particular(Directory directory, RawName name, FileStat stat) throws IOException {
            return switch (stat.kind()) {
                case REGULAR -> " " + stat.size() + " bytes " + checksum(directory, name);
                case SYMLINK -> " -> " + directory.readLink(name).latin1();
                case CHARACTER_DEVICE, BLOCK_DEVICE -> " device " + stat.special();
                case DIRECTORY, FIFO, SOCKET -> "";
            };
        }

        private static String checksum(Directory directory, RawName name) throws IOException {
            CRC32C sum = new CRC32C();
            ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
            try (Descriptor file = directory.openFile(name, 0, OpenFlag.READ)) {
                long at = 0;
                while (file.read(buffer.clear(), at) > 0) {
                    at += buffer.position();
                    sum.update(buffer.flip());
                }
            }
            return Long.toHexString(sum.getValue());
        }
    }
}
