package io.varve.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is mounted where, as this process sees it (/proc/self/mountinfo, proc_pid_mountinfo(5)). */
public record MountTable(List<Mount> mounts) {
    private static final Set<String> REMOTE =
            Set.of("nfs", "nfs4", "cifs", "smb3", "ceph", "9p", "afs", "lustre", "beegfs", "gfs2", "autofs");

    public MountTable {
        mounts = List.copyOf(mounts);
    }

    /**
     * One mount.
     *
     * @param device the filesystem, as {@code major:minor}
     * @param root the directory of the filesystem that is visible at the mount point
     * @param options per-mount and per-filesystem options
     * @param propagation {@code shared:N} and {@code master:N}: the groups whose mounts and unmounts it sends and gets
     */
    public record Mount(
            long id,
            String device,
            String root,
            Path point,
            String type,
            String source,
            List<String> options,
            List<String> propagation) {

        public Mount {
            options = List.copyOf(options);
            propagation = List.copyOf(propagation);
        }

        /** Whether a server that may never answer stands behind it, or whether looking at it may mount such a one. */
        public boolean isRemote() {
            return REMOTE.contains(type) || type.startsWith("fuse");
        }

        /** Whether this mount goes when the other one goes. */
        boolean follows(Mount other) {
            return other.propagation.stream()
                    .filter(group -> group.startsWith("shared:"))
                    .anyMatch(group ->
                            propagation.contains(group) || propagation.contains(group.replace("shared:", "master:")));
        }
    }

    public static MountTable read() throws IOException {
        return read(Path.of("/proc/self"));
    }

    /** What another process sees, by its directory in /proc. */
    static MountTable read(Path process) throws IOException {
        // A path may hold bytes that are not UTF-8; Latin-1 keeps each line whole.
        return parse(Files.readString(process.resolve("mountinfo"), StandardCharsets.ISO_8859_1));
    }

    static MountTable parse(String text) {
        return new MountTable(text.lines()
                .map(MountTable::parseLine)
                .flatMap(Optional::stream)
                .toList());
    }

    private static Optional<Mount> parseLine(String line) {
        String[] fields = line.split(" ", -1);
        int separator = Arrays.asList(fields).indexOf("-");
        if (separator < 6 || fields.length < separator + 4) {
            return Optional.empty();
        }
        String options = fields[5] + "," + fields[separator + 3];
        return Optional.of(new Mount(
                Long.parseLong(fields[0]),
                fields[2],
                unescape(fields[3]),
                Path.of(unescape(fields[4])),
                fields[separator + 1],
                unescape(fields[separator + 2]),
                List.of(options.split(",", 0)),
                Arrays.asList(fields).subList(6, separator)));
    }

    /** The mount a path is on: the one with the longest mount point above it, the last made of equal ones. */
    public Optional<Mount> holding(Path path) {
        return mounts.stream()
                .filter(mount -> path.startsWith(mount.point()))
                .reduce((one, other) ->
                        other.point().getNameCount() >= one.point().getNameCount() ? other : one);
    }

    /** What is mounted on a path itself, last. */
    public Optional<Mount> at(Path path) {
        return mounts.stream().filter(mount -> mount.point().equals(path)).reduce((one, other) -> other);
    }

    /** The mounts strictly below a path. */
    public List<Mount> below(Path path) {
        return within(path).stream()
                .filter(mount -> !mount.point().equals(path))
                .toList();
    }

    /** The mounts on a path and below it. */
    public List<Mount> within(Path path) {
        return mounts.stream()
                .filter(mount -> mount.point().startsWith(path))
                .sorted(Comparator.comparing(Mount::point))
                .toList();
    }

    /** Blank, tab, newline and backslash come as three octal digits. */
    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field, i + 1, i + 4, 8));
                i += 3;
            } else {
                text.append(field.charAt(i));
            }
        }
        return new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
