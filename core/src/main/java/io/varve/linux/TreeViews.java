package io.varve.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where one tree is seen in the mount namespaces of this and of other processes: a container has the tree under a path
 * of its own, and the links in /proc are told in that path.
 */
final class TreeViews {
    /**
     * A tree as one namespace has it.
     *
     * @param paths where the tree is
     * @param shownAt mount points that show the tree, or a part of it, and do not come and go with the tree's own mount
     */
    record View(List<Path> paths, List<Path> shownAt) {
        View {
            paths = List.copyOf(paths);
            shownAt = List.copyOf(shownAt);
        }
    }

    private final Optional<MountTable.Mount> own;
    private final Path tree;
    private final View ours;
    private final Map<String, View> known = new HashMap<>();

    TreeViews(Path tree, MountTable table) throws IOException {
        this.tree = tree;
        this.own = table.holding(tree);
        this.ours = look(table);
        known.put(namespace(Path.of("/proc/self")), new View(ours.paths(), List.of()));
    }

    /** What this process sees. */
    View ours() {
        return ours;
    }

    /** The view of a process, by its directory in /proc; without the mounts of {@link #ours} for those that share it. */
    View of(Path process) {
        try {
            String namespace = namespace(process);
            View view = known.get(namespace);
            if (view == null) {
                view = look(MountTable.read(process));
                known.put(namespace, view);
            }
            return view;
        } catch (IOException gone) {
            return new View(List.of(tree), List.of());
        }
    }

    private static String namespace(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("ns/mnt")).toString();
    }

    private View look(MountTable table) {
        List<Path> paths = new ArrayList<>();
        List<Path> shownAt = new ArrayList<>();
        for (MountTable.Mount mount : table.mounts()) {
            if (own.isPresent() && isOf(own.get(), mount)) {
                add(own.get(), mount, paths, shownAt);
            }
        }
        return new View(paths, shownAt);
    }

    private static boolean isOf(MountTable.Mount ours, MountTable.Mount mount) {
        return mount.device().equals(ours.device()) && mount.root().startsWith("/");
    }

    private void add(MountTable.Mount ours, MountTable.Mount mount, List<Path> paths, List<Path> shownAt) {
        Path inside =
                Path.of(ours.root()).resolve(ours.point().relativize(tree)).normalize();
        Path root = Path.of(mount.root());
        if (inside.startsWith(root)) {
            paths.add(mount.point().resolve(root.relativize(inside)).normalize());
        }
        boolean samePlace = mount.point().equals(ours.point());
        if (root.startsWith(inside) && !samePlace && !mount.follows(ours)) {
            shownAt.add(mount.point());
        }
    }
}
