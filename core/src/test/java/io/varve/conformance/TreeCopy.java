package io.varve.conformance;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** One copy of a tree in every detail the kernel shows: names, bytes, holes, links, owners, modes, times, attributes. */
final class TreeCopy {
    private static final int CHUNK = 128 * 1024;

    private final Work work;
    private final Runnable eachFile;
    private final Directory top;
    private final long mount;
    private final List<String> warnings = new ArrayList<>();
    private final Map<Long, RawName> linked = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    private long files;

    private TreeCopy(Work work, Runnable eachFile, Directory top, long mount) {
        this.work = work;
        this.eachFile = eachFile;
        this.top = top;
        this.mount = mount;
    }

    /**
     * Copies what is in {@code from}, and how {@code from} itself is, to the empty directory {@code to}, durably.
     *
     * @return what vanished meanwhile
     */
    static List<String> of(Path from, Path to, Work work, Runnable eachFile) throws IOException {
        try (Directory source = Directory.open(from);
                Directory target = Directory.open(to);
                Directory targetParent = Directory.open(to.resolveSibling(""))) {
            TreeCopy copy = new TreeCopy(work, eachFile, target, source.stat().mount());
            copy.children(source, target, RawName.of(""));
            RawName name = RawName.of(to.getFileName().toString());
            dress(source.stat(), source.attributes(RawName.of(".")), targetParent, name);
            target.descriptor().syncFilesystem();
            return copy.warnings;
        }
    }

    static void sync(Path tree) throws IOException {
        try (Directory directory = Directory.open(tree)) {
            directory.descriptor().syncFilesystem();
        }
    }

    private void children(Directory source, Directory target, RawName path) throws IOException {
        for (RawName name : source.names()) {
            Work.checkpoint(work);
            eachFile.run();
            work.progress(++files, 0, "files");
            try {
                entry(source, target, name, path.resolve(name));
            } catch (KernelException failure) {
                if (failure.errno() != Errno.ENOENT) {
                    throw failure;
                }
                warnings.add("'" + path.resolve(name) + "' vanished while it was copied");
            }
        }
    }

    private void entry(Directory source, Directory target, RawName name, RawName path) throws IOException {
        FileStat stat = source.stat(name);
        RawName first = linked.get(stat.inode());
        if (first != null) {
            link(target, name, first);
            return;
        }
        Map<String, byte[]> attributes = source.attributes(name);
        switch (stat.kind()) {
            case REGULAR -> file(source, target, name);
            case DIRECTORY -> directory(source, target, name, path, stat);
            case SYMLINK -> target.makeSymlink(name, source.readLink(name));
            case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
                target.makeNode(name, stat.kind(), 0600, stat.special());
        }
        dress(stat, attributes, target, name);
        if (stat.links() > 1 && !stat.isDirectory()) {
            linked.put(stat.inode(), path);
        }
    }

    private void link(Directory target, RawName name, RawName first) throws IOException {
        String latin1 = first.latin1();
        int slash = latin1.lastIndexOf('/');
        RawName parent = RawName.ofLatin1(latin1.substring(0, Math.max(0, slash)));
        try (Directory there = top.openBeneath(parent)) {
            target.makeLink(name, there, RawName.ofLatin1(latin1.substring(slash + 1)));
        }
    }

    /** What is mounted inside is no part of the volume: its mount point stays an empty directory. */
    private void directory(Directory source, Directory target, RawName name, RawName path, FileStat stat)
            throws IOException {
        try (Directory inside = source.openDirectory(name)) {
            target.makeDirectory(name, 0700);
            if (stat.mount() == mount) {
                try (Directory copy = target.openDirectory(name)) {
                    children(inside, copy, path);
                }
            }
        }
    }

    private void file(Directory source, Directory target, RawName name) throws IOException {
        try (Descriptor from = source.openFile(name, 0, OpenFlag.READ, OpenFlag.NON_BLOCKING);
                Descriptor to = target.openFile(name, 0600, OpenFlag.WRITE, OpenFlag.NEW)) {
            long end = 0;
            OptionalLong data = from.nextData(0);
            while (data.isPresent()) {
                end = bytes(from, to, data.getAsLong(), from.nextHole(data.getAsLong()));
                data = from.nextData(end);
            }
            to.truncate(Math.max(end, source.stat(name).size()));
        }
    }

    private long bytes(Descriptor from, Descriptor to, long start, OptionalLong hole) throws IOException {
        long end = hole.orElse(Long.MAX_VALUE);
        long at = start;
        while (at < end) {
            Work.checkpoint(work);
            buffer.clear().limit((int) Math.min(CHUNK, end - at));
            int n = from.read(buffer, at);
            if (n == 0) {
                return at;
            }
            to.write(buffer.flip(), at);
            at += n;
        }
        return at;
    }

    /** The owner first, because changing it clears set-user-ID; the time last, because everything changes it. */
    private static void dress(FileStat stat, Map<String, byte[]> attributes, Directory target, RawName name)
            throws IOException {
        FileStat made = target.stat(name);
        if (made.owner() != stat.owner() || made.group() != stat.group()) {
            target.setOwner(name, stat.owner(), stat.group());
        }
        boolean link = stat.kind() == FileKind.SYMLINK;
        if (!link) {
            target.setPermissions(name, stat.permissions());
        }
        for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
            target.setAttribute(name, attribute.getKey(), attribute.getValue());
        }
        target.setModified(name, stat.modified());
    }
}
