package io.varve.driver.btrfs;

import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The subvolumes in one directory whose names are of a kind; one look at the directory while nothing but the writer's
 * own changes happens there.
 *
 * <p>Where something else did, the kernel tells the ids of all subvolumes, and the directory which of its names has
 * which id; none of them is looked at itself, which would load each from disk. Any thread.
 */
final class Listing<T> {
    private final StoreRoot root;
    private final Path directory;
    private final Function<String, Stream<T>> reader;
    private Read<T> last = new Read<>(Instant.MIN, 0, 0, Set.of());

    /** @param size btrfs counts each name's bytes twice in its directory's size (fs/btrfs/inode.c, btrfs_add_link) */
    private record Read<T>(Instant changed, long inode, long size, Set<T> values) {
        boolean isOf(FileStat directory) {
            return directory.changed().equals(changed) && directory.inode() == inode && directory.size() == size;
        }
    }

    /** @param reader makes the value of a name; none where the name is nothing of ours */
    Listing(StoreRoot root, Path directory, Function<String, Stream<T>> reader) {
        this.root = root;
        this.directory = directory;
        this.reader = reader;
    }

    /** Empty only where the root is still there. The set follows later changes of the writer. */
    synchronized Set<T> values() throws IOException {
        try (Directory open = Directory.open(directory)) {
            FileStat stat = open.stat();
            if (!last.isOf(stat)) {
                last = new Read<>(stat.changed(), stat.inode(), stat.size(), read(open, stat.inode()));
            }
        } catch (KernelException failure) {
            if (failure.errno() != Errno.ENOENT) {
                throw failure;
            }
            changed();
        }
        if (last.values.isEmpty()) {
            root.requirePresent();
        }
        return Collections.unmodifiableSet(last.values);
    }

    private Set<T> read(Directory open, long inode) throws IOException {
        Set<Long> ids = BtrfsIoctls.children(open.descriptor()).stream()
                .filter(child -> child.directory() == inode)
                .map(BtrfsIoctls.Child::id)
                .collect(Collectors.toSet());
        List<RawName> names = open.entries().stream()
                .filter(entry -> ids.contains(entry.inode()))
                .map(Directory.Entry::name)
                .toList();
        // A plain directory's inode may happen to be the id of a subvolume beside it.
        boolean unambiguous = names.size() == ids.size();
        Set<T> values = ConcurrentHashMap.newKeySet();
        for (RawName name : names) {
            if (unambiguous || root.isSubvolume(directory.resolve(name.toString()))) {
                reader.apply(name.toString()).forEach(values::add);
            }
        }
        return values;
    }

    /** For the writer, who made one name: what is known stays known, unless anything else happened there too. */
    synchronized void added(T value, String name) {
        if (grewBy(2L * RawName.of(name).length())) {
            last.values.add(value);
        }
    }

    /** The same for one that the writer removed. */
    synchronized void removed(T value, String name) {
        if (grewBy(-2L * RawName.of(name).length())) {
            last.values.remove(value);
        }
    }

    /** Whether the directory changed by this many bytes alone since it was read; where it did not, it is read again. */
    private boolean grewBy(long bytes) {
        try {
            FileStat now = Kernel.stat(directory);
            if (now.inode() == last.inode && now.size() == last.size + bytes) {
                last = new Read<>(now.changed(), now.inode(), now.size(), last.values);
                return true;
            }
        } catch (IOException goneOrUnreadable) {
            // The next call that reads it says so.
        }
        changed();
        return false;
    }

    /** Reads again at the next call; for the writer, whose change may fall into one tick of the file clock. */
    synchronized void changed() {
        last = new Read<>(Instant.MIN, 0, 0, Set.of());
    }
}
