package io.varve.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the processes that use a tree: open files, working and root directories, and mounts below it. */
public final class TreeUsers {
    private static final Path PROC = Path.of("/proc");

    private TreeUsers() {}

    /**
     * One user of a tree.
     *
     * @param what for people, for example {@code process 812 (postgres) has data/base/1 open}
     */
    public record User(long process, String what) {}

    /** Everybody who uses the tree, this process included; what this process may not look at is passed over. */
    public static List<User> of(Path tree) throws IOException {
        List<User> users = new ArrayList<>();
        for (MountTable.Mount mount : MountTable.read().below(tree)) {
            users.add(new User(0, mount.type() + " is mounted at " + mount.point()));
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                use(process, tree).ifPresent(users::add);
            }
        }
        return users;
    }

    private static Optional<User> use(Path process, Path tree) {
        long id = Long.parseLong(process.getFileName().toString());
        return used(process, tree).map(path -> new User(id, describe(process, path, tree)));
    }

    private static Optional<Path> used(Path process, Path tree) {
        for (String link : List.of("cwd", "root")) {
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

    private static String describe(Path process, Path used, Path tree) {
        String name;
        try {
            name = Files.readString(process.resolve("comm")).strip();
        } catch (IOException gone) {
            name = "?";
        }
        Path inside = tree.relativize(used);
        String where = inside.toString().isEmpty() ? "the volume's directory" : inside.toString();
        return "process " + process.getFileName() + " (" + name + ") uses " + where;
    }
}
