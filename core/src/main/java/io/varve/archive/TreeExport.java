package io.varve.archive;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileStat;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Walks a tree and writes it as members: directories before what they hold, each directory's names sorted by their
 * bytes. Other filesystems below are not entered. Only names of one directory a level, and files with several names,
 * are remembered.
 */
final class TreeExport {
    private static final int CHUNK = 1 << 20;

    /** XFS shows its ACLs a second time, to root, in the form it keeps them in (fs/xfs/libxfs/xfs_da_format.h). */
    private static final String XFS_ACL = "trusted.SGI_ACL_";

    private final TarWriter tar;
    private final RawName prefix;
    private final Exclusions exclusions;
    private final Warnings warnings;
    private final Progress progress;
    private final Map<FileKey, RawName> firstNames = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    private final byte[] bytes = new byte[CHUNK];
    private long entries;

    /** What two hard links have in common. */
    private record FileKey(long device, long inode) {}

    /** A name in an open directory, its path from the root, and what is there. */
    private record Place(Directory directory, RawName name, RawName path, FileStat stat) {}

    /** @param prefix the member name of the tree's root */
    TreeExport(TarWriter tar, RawName prefix, Exclusions exclusions, Warnings warnings, Progress progress) {
        this.tar = tar;
        this.prefix = prefix;
        this.exclusions = exclusions;
        this.warnings = warnings;
        this.progress = progress;
    }

    long entries() {
        return entries;
    }

    void write(Path tree) throws IOException {
        try (Directory top = Directory.open(tree)) {
            Place root = new Place(top, TreePath.SELF, TarMember.NOTHING, top.stat());
            put(root, MemberType.DIRECTORY);
            below(top, TarMember.NOTHING, root.stat());
        }
    }

    private void below(Directory directory, RawName path, FileStat top) throws IOException {
        for (RawName name : names(directory, path)) {
            RawName at = path.resolve(name);
            if (!exclusions.exclude(at)) {
                progress.at(tar.position());
                entry(new Place(directory, name, at, directory.stat(name)), top);
            }
        }
    }

    private List<RawName> names(Directory directory, RawName path) throws IOException {
        Optional<RawName> only = exclusions.onlyNameIn(path);
        if (only.isPresent()) {
            return List.of(only.get());
        }
        List<RawName> names = directory.names();
        names.sort(null);
        return names;
    }

    private void entry(Place place, FileStat top) throws IOException {
        Optional<MemberType> type = MemberType.of(place.stat().kind());
        if (type.isEmpty()) {
            warnings.add(place.path(), "a socket cannot be archived");
        } else if (type.get() == MemberType.DIRECTORY) {
            directory(place, top);
        } else if (isForeign(place.stat(), top)) {
            warnings.add(place.path(), "a file of another filesystem is mounted there; it is left out");
        } else if (!putLink(place, type.get())) {
            put(place, type.get());
        }
    }

    private void directory(Place place, FileStat top) throws IOException {
        if (isForeign(place.stat(), top)) {
            foreign(place, top);
            return;
        }
        put(place, MemberType.DIRECTORY);
        try (Directory directory = place.directory().openDirectory(place.name())) {
            below(directory, place.path(), top);
        }
    }

    /** An empty directory in its place. What is seen there is not of this tree: btrfs even shows a new time each time. */
    private void foreign(Place place, FileStat top) throws IOException {
        warnings.add(place.path(), "another filesystem or subvolume is there; what it holds is left out");
        begin(TarMember.directory(
                memberName(place.path()),
                0755,
                Integer.toUnsignedLong(top.owner()),
                Integer.toUnsignedLong(top.group()),
                top.modified(),
                Map.of()));
    }

    /** A mount point, or the root of a nested subvolume; a file's device number alone tells nothing on overlayfs. */
    private static boolean isForeign(FileStat stat, FileStat top) {
        boolean otherDevice = stat.isDirectory() && stat.device() != top.device();
        return stat.mountRoot() || stat.mount() != top.mount() || otherDevice;
    }

    /** Writes a hard link where the file was written under another name before. */
    private boolean putLink(Place place, MemberType type) throws IOException {
        FileStat stat = place.stat();
        if (stat.links() < 2 || type == MemberType.SYMLINK) {
            return false;
        }
        RawName first = firstNames.putIfAbsent(new FileKey(stat.device(), stat.inode()), place.path());
        if (first == null) {
            return false;
        }
        begin(member(place, MemberType.HARD_LINK, SparseMap.dense(0), Map.of())
                .named(memberName(place.path()), memberName(first)));
        return true;
    }

    private void put(Place place, MemberType type) throws IOException {
        Map<String, byte[]> attributes = attributes(place);
        if (type == MemberType.REGULAR) {
            file(place, attributes);
        } else {
            begin(member(place, type, SparseMap.dense(0), attributes));
        }
    }

    private static Map<String, byte[]> attributes(Place place) throws IOException {
        Map<String, byte[]> attributes = place.directory().attributes(place.name());
        if (attributes.isEmpty()) {
            return attributes;
        }
        Map<String, byte[]> kept = new HashMap<>(attributes);
        kept.keySet().removeIf(name -> name.startsWith(XFS_ACL));
        return kept;
    }

    private void begin(TarMember member) throws IOException {
        entries++;
        tar.begin(member);
    }

    private TarMember member(Place place, MemberType type, SparseMap content, Map<String, byte[]> attributes)
            throws IOException {
        FileStat stat = place.stat();
        return new TarMember(
                memberName(place.path()),
                type,
                stat.permissions(),
                Integer.toUnsignedLong(stat.owner()),
                Integer.toUnsignedLong(stat.group()),
                stat.modified(),
                type == MemberType.SYMLINK ? place.directory().readLink(place.name()) : TarMember.NOTHING,
                type.isDevice() ? stat.special() : 0,
                content,
                attributes);
    }

    private RawName memberName(RawName path) {
        return path.length() == 0 ? prefix : prefix.resolve(path);
    }

    private void file(Place place, Map<String, byte[]> attributes) throws IOException {
        long size = place.stat().size();
        try (Descriptor file =
                place.directory().openFile(place.name(), 0, OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCKING)) {
            boolean mayHaveHoles = place.stat().blocks() * TarReader.BLOCK < size;
            SparseMap content = mayHaveHoles ? SparseMap.of(file, size) : SparseMap.dense(size);
            begin(member(place, MemberType.REGULAR, content, attributes));
            for (SparseMap.Segment segment : content.segments()) {
                copy(place, file, segment);
            }
        }
    }

    private void copy(Place place, Descriptor file, SparseMap.Segment segment) throws IOException {
        long at = segment.offset();
        while (at < segment.end()) {
            buffer.clear().limit((int) Math.min(CHUNK, segment.end() - at));
            int n = file.read(buffer, at);
            if (n == 0) {
                throw new StorageException(
                        ErrorCode.IO_FAILED,
                        "cannot export '" + Printable.name(place.path()) + "': it became shorter while it was read");
            }
            buffer.flip().get(bytes, 0, n);
            tar.data(bytes, 0, n);
            at += n;
            progress.at(tar.position());
        }
    }
}
