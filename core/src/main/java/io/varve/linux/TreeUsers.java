package io.varve.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the processes that use a tree: open and mapped files, working and root directories, programs that run from it,
 * mounts below it, and containers that have it or a part of it mounted at a place of their own.
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

    /**
     * What was found.
     *
     * @param unseen how many other processes there are that this one may not look at, as without root
     */
    public record Report(List<User> users, int unseen) {
        public Report {
            users = List.copyOf(users);
        }
    }

    /** Everybody who uses the tree, this process included, as far as this process may look. */
    public static List<User> of(Path tree) throws IOException {
        return look(tree).users();
    }

    /** The same, and how many could not be looked at. */
    public static Report look(Path tree) throws IOException {
        int unseen = 0;
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
                Optional<User> user = use(process, views.of(process));
                user.ifPresent(users::add);
                unseen += user.isEmpty() && isHidden(process) ? 1 : 0;
            }
        }
        return new Report(users, unseen);
    }

    /** Threads of the kernel have no command line, and no files of anybody's. */
    private static boolean isHidden(Path process) {
        return process.resolve("fd").toFile().list() == null && hasCommandLine(process);
    }

    private static boolean hasCommandLine(Path process) {
        try {
            return Files.readAllBytes(process.resolve("cmdline")).length > 0;
        } catch (IOException gone) {
            return false;
        }
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
        return mapped(process, tree);
    }

    /** A file that was mapped and closed is written to all the same (proc_pid_maps(5): the path is the line's last). */
    private static Optional<Path> mapped(Path process, Path tree) {
        // A path may hold bytes that are not UTF-8; Latin-1 keeps each line whole.
        String wanted = new String(tree.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (Stream<String> lines = Files.lines(process.resolve("maps"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(wanted))
                    .map(line -> line.substring(line.indexOf('/')).getBytes(StandardCharsets.ISO_8859_1))
                    .map(path -> Path.of(new String(path, StandardCharsets.UTF_8)))
                    .filter(path -> path.startsWith(tree))
                    .findFirst();
        } catch (IOException | RuntimeException gone) {
            return Optional.empty();
        }
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
