package io.varve.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the processes that use a tree: open files, working and root directories, programs that run from it, mounts below
 * it, and containers that have it or a part of it mounted at a place of their own.
 */
public final class TreeUsers {
    private static final Path PROC = Path.of("/proc");
    private static final List<String> LINKS = List.of("cwd", "root", "exe");

    private TreeUsers() {}

    /**
     * One user of a tree.
     *
     * @param process 0 for a mount
     * @param what for people, for example {@code process 812 (postgres) uses data/base/1}
     */
    public record User(long process, String what) {}

    /** Everybody who uses the tree, this process included; what this process may not look at is passed over. */
    public static List<User> of(Path tree) throws IOException {
        MountTable ours = MountTable.read();
        List<User> users = new ArrayList<>();
        for (MountTable.Mount mount : ours.below(tree)) {
            users.add(new User(0, mount.type() + " is mounted at " + mount.point()));
        }
        TreeViews views = new TreeViews(tree, ours);
        for (Path point : views.ours().shownAt()) {
            users.add(new User(0, "it is mounted at " + point + " too"));
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                use(process, views.of(process)).ifPresent(users::add);
            }
        }
        return users;
    }

    private static Optional<User> use(Path process, TreeViews.View view) {
        for (Path point : view.shownAt()) {
            return Optional.of(user(process, "has it mounted at " + point));
        }
        for (Path tree : view.paths()) {
            Optional<Path> used = used(process, tree);
            if (used.isPresent()) {
                Path inside = tree.relativize(used.get());
                String where = inside.toString().isEmpty() ? "the volume's directory" : inside.toString();
                return Optional.of(user(process, "uses " + where));
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> used(Path process, Path tree) {
        for (String link : LINKS) {
            Optional<Path> target = target(process.resolve(link), tree);
            if (target.isPresent()) {
                return target;
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                Optional<Path> target = target(file, tree);
                if (target.isPresent()) {
                    return target;
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<Path> target(Path link, Path tree) {
        try {
            Path target = Files.readSymbolicLink(link);
            return target.startsWith(tree) ? Optional.of(target) : Optional.empty();
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static User user(Path process, String what) {
        String name;
        try {
            name = Files.readString(process.resolve("comm")).strip();
        } catch (IOException gone) {
            name = "?";
        }
        String id = process.getFileName().toString();
        return new User(Long.parseLong(id), "process " + id + " (" + name + ") " + what);
    }
}
