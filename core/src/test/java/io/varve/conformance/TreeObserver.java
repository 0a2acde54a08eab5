package io.varve.conformance;

import io.varve.conformance.TreePicture.Aspect;
import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileStat;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Looks at every entry of a tree. */
final class TreeObserver {
    private static final int CHUNK = 1 << 18;
    private static final HexFormat HEX = HexFormat.of();

    /** XFS shows its ACLs a second time, to root, in the form it keeps them in; no other filesystem does. */
    private static final String XFS_ACL = "trusted.SGI_ACL_";

    private final SortedMap<RawName, Map<Aspect, String>> entries = new TreeMap<>();
    private final Map<String, RawName> firstNames = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

    private TreeObserver() {}

    static SortedMap<RawName, Map<Aspect, String>> observe(Path tree) throws IOException {
        TreeObserver observer = new TreeObserver();
        try (Directory root = Directory.open(tree)) {
            RawName path = RawName.of("");
            observer.entries.put(path, observer.aspects(root, RawName.of("."), path, root.stat()));
            observer.below(root, path);
        }
        return observer.entries;
    }

    private void below(Directory directory, RawName path) throws IOException {
        List<RawName> names = directory.names();
        names.sort(null);
        for (RawName name : names) {
            RawName at = path.resolve(name);
            FileStat stat = directory.stat(name);
            entries.put(at, aspects(directory, name, at, stat));
            if (stat.isDirectory()) {
                try (Directory child = directory.openDirectory(name)) {
                    below(child, at);
                }
            }
        }
    }

    private Map<Aspect, String> aspects(Directory directory, RawName name, RawName path, FileStat stat)
            throws IOException {
        Map<Aspect, String> aspects = new EnumMap<>(Aspect.class);
        aspects.put(Aspect.KIND, stat.kind().name());
        aspects.put(Aspect.MODE, Integer.toOctalString(stat.permissions()));
        aspects.put(
                Aspect.OWNER, Integer.toUnsignedString(stat.owner()) + ":" + Integer.toUnsignedString(stat.group()));
        aspects.put(Aspect.MODIFIED, stat.modified().toString());
        aspects.put(Aspect.ATTRIBUTES, attributes(directory.attributes(name)));
        if (!stat.isDirectory() && stat.links() > 1) {
            String file = stat.device() + ":" + stat.inode();
            aspects.put(
                    Aspect.HARD_LINKS,
                    firstNames.computeIfAbsent(file, first -> path).latin1());
        }
        switch (stat.kind()) {
            case REGULAR -> content(directory, name, stat, aspects);
            case SYMLINK ->
                aspects.put(Aspect.LINK_TEXT, directory.readLink(name).latin1());
            case CHARACTER_DEVICE, BLOCK_DEVICE -> aspects.put(Aspect.DEVICE, device(stat.special()));
            case DIRECTORY, FIFO, SOCKET -> {}
        }
        return aspects;
    }

    private static String device(long number) {
        return FileStat.major(number) + ":" + FileStat.minor(number);
    }

    private static String attributes(Map<String, byte[]> attributes) {
        StringJoiner text = new StringJoiner(" ");
        new TreeMap<>(attributes).forEach((name, value) -> {
            if (!name.startsWith(XFS_ACL)) {
                text.add(name + "=" + HEX.formatHex(value));
            }
        });
        return text.toString();
    }

    private void content(Directory directory, RawName name, FileStat stat, Map<Aspect, String> aspects)
            throws IOException {
        aspects.put(Aspect.SIZE, String.valueOf(stat.size()));
        try (Descriptor file = directory.openFile(name, 0, OpenFlag.READ, OpenFlag.NO_FOLLOW)) {
            aspects.put(Aspect.HOLES, segments(file, stat.size()));
            aspects.put(Aspect.DIGEST, digest(file));
        }
    }

    private static String segments(Descriptor file, long size) throws IOException {
        StringJoiner text = new StringJoiner(" ");
        long at = file.nextData(0).orElse(size);
        while (at < size) {
            long end = file.nextHole(at).orElse(size);
            text.add(at + "-" + end);
            at = file.nextData(end).orElse(size);
        }
        return text.toString();
    }

    private String digest(Descriptor file) throws IOException {
        MessageDigest digest = sha256();
        long at = 0;
        int n = file.read(buffer.clear(), at);
        while (n > 0) {
            digest.update(buffer.flip());
            at += n;
            n = file.read(buffer.clear(), at);
        }
        return HEX.formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
