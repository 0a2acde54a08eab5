package io.varve.conformance.example;

import io.varve.linux.Commands;
import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.FilesystemSpace;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.linux.Trees;
import io.varve.linux.WatchedDirectory;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Directory trees that come and go by one rename each: what stands at its place is whole. */
final class CopyTrees {
    private final StoreLayout layout;
    private final Map<Path, WatchedDirectory> watched = new ConcurrentHashMap<>();

    CopyTrees(StoreLayout layout) {
        this.layout = layout;
    }

    /** Work on files; what fails is told with {@code action}. */
    private interface Task<T> {
        T run() throws IOException;
    }

    private static <T> T doing(String action, Task<T> task) {
        try {
            return task.run();
        } catch (IOException failure) {
            throw KernelException.storage("cannot " + action, failure);
        }
    }

    /** Our private directory holds nothing but what a process that died was at. */
    void settle() {
        Commands.endLeftovers(layout.root().toString());
        in(layout.driverPrivate())
                .forEach(name -> doing("settle '" + name + "'", () -> {
                    settle(layout.driverPrivate().resolve(name), name.split(":", 3));
                    return name;
                }));
        in(layout.snapshots())
                .forEach(volume -> removeIfEmpty(layout.snapshots().resolve(volume)));
    }

    private void settle(Path tree, String[] name) throws IOException {
        if (name.length == 3 && Kernel.stat(tree).inode() != Long.parseLong(name[0])) {
            move(tree, layout.snapshot(VolumeName.of(name[2]), SnapshotLabel.of(name[1])));
        } else {
            Trees.remove(tree);
        }
    }

    boolean exists(Path path) {
        return doing("look at '" + path + "'", () -> Kernel.exists(path));
    }

    Stream<String> in(Path directory) {
        WatchedDirectory names = watched.computeIfAbsent(directory, WatchedDirectory::new);
        return doing("list '" + directory + "'", names::names).stream();
    }

    List<MountTable.Mount> mountsIn(Path tree) {
        return doing("read the mounts", MountTable::read).below(tree);
    }

    FilesystemSpace space() {
        return doing("look at the space of '" + layout.root() + "'", () -> Kernel.space(layout.root()));
    }

    void makeEmpty(Path tree) {
        doing("make '" + tree + "'", () -> {
            Path staged = Files.createDirectory(unused());
            Kernel.setPermissions(staged, 0755);
            return move(staged, tree);
        });
    }

    /** Takes the tree away, which is the step that counts, then frees its space. */
    void remove(Path tree) {
        doing("remove '" + tree + "'", () -> {
            if (Kernel.exists(tree)) {
                Trees.remove(move(tree, unused()));
            }
            return tree;
        });
    }

    void removeIfEmpty(Path directory) {
        doing("remove '" + directory + "'", () -> {
            try {
                return Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException needed) {
                return false;
            }
        });
    }

    SnapshotOutcome copy(Path from, Path to, Work work) {
        return staged("copy '" + from + "'", from, work, copy -> move(copy, to));
    }

    /** The copy waits under a name that has its inode: if another tree has that name, the heads have been switched. */
    SnapshotOutcome switchHead(Path from, VolumeName volume, SnapshotLabel undo, Work work) {
        return staged("roll volume '" + volume + "' back", from, work, copy -> {
            String name = Kernel.stat(copy).inode() + ":" + undo + ":" + volume;
            Path ready = move(copy, layout.driverPrivate().resolve(name));
            Kernel.exchange(ready, layout.volume(volume));
            DurableFiles.syncDirectory(layout.root());
            move(ready, layout.snapshot(volume, undo));
        });
    }

    private interface Placing {
        void place(Path copy) throws IOException;
    }

    private SnapshotOutcome staged(String action, Path from, Work work, Placing placing) {
        Path copy = unused();
        return doing(action, () -> {
            try {
                List<String> vanished = copyWithProgram(from, copy, work);
                placing.place(copy);
                return new SnapshotOutcome(vanished);
            } catch (IOException | StorageException failure) {
                Trees.remove(copy);
                throw failure;
            }
        });
    }

    /** With all that files have (-a), without what is mounted inside (-x). */
    private List<String> copyWithProgram(Path from, Path to, Work work) throws IOException {
        Path cp = Commands.find("cp").orElseThrow(() -> Commands.missing("cp"));
        List<String> command = List.of(cp.toString(), "-a", "-x", "-T", "--", from.toString(), to.toString());
        Commands.Result result = Commands.run(command, layout.root().toString(), Duration.ofDays(1), work, line -> {});
        List<String> complaints = result.errors().lines().toList();
        if (!result.succeeded() && !complaints.stream().allMatch(CopyTrees::isAboutVanished)) {
            throw result.failure("cannot copy '" + from + "'");
        }
        try (Directory copied = Directory.open(to)) {
            copied.descriptor().syncFilesystem();
        }
        return complaints;
    }

    private static boolean isAboutVanished(String complaint) {
        return complaint.endsWith("No such file or directory") || complaint.endsWith("replaced while being copied");
    }

    private Path unused() {
        return layout.driverPrivate().resolve(UUID.randomUUID().toString());
    }

    private Path move(Path tree, Path to) throws IOException {
        DurableFiles.makeDirectories(to.resolveSibling(""));
        Kernel.renameNew(tree, to);
        for (Path changed : List.of(to.resolveSibling(""), tree.resolveSibling(""))) {
            DurableFiles.syncDirectory(changed);
            watched.computeIfAbsent(changed, WatchedDirectory::new).forget();
        }
        return to;
    }
}
