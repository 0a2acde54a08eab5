package io.varve.driver.nfs;

import io.varve.linux.Commands;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The other host, as {@code dev/nfs-hosts} has made it: it shares filesystems, fails, and comes back. */
final class NfsServer {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Path SHARED = Path.of(environment("VARVE_NFS_SHARED"));
    private static final String CLIENT = environment("VARVE_NFS_CLIENT");
    private static final List<String> ENTER =
            List.of(environment("VARVE_NFS_ENTER").split(" ", -1));

    private NfsServer() {}

    private static String environment(String name) {
        return Optional.ofNullable(System.getenv(name))
                .orElseThrow(() -> new IllegalStateException(name + " is not set: run this by dev/nfs-hosts"));
    }

    static String address() {
        return environment("VARVE_NFS_SERVER");
    }

    /** Something shared by the path {@code /NAME}. */
    record Share(String name) {
        String source() {
            return address() + ":" + path();
        }

        String path() {
            return "/" + name;
        }

        /** What the server itself sees of it. */
        Path there() {
            return SHARED.resolve(name);
        }

        void withdraw() {
            onServer("exportfs", "-u", CLIENT + ":" + path());
        }

        void offer(String... options) {
            String all = String.join(
                    ",",
                    Stream.concat(Stream.of("no_subtree_check"), Stream.of(options))
                            .toList());
            onServer("exportfs", "-o", all, CLIENT + ":" + path());
        }
    }

    /** A new filesystem of that type, shared for writing with root as root. */
    static Share share(String name, String type, long bytes) {
        Share share = disk(name, type, bytes);
        share.offer("rw", "no_root_squash");
        return share;
    }

    static String client() {
        return CLIENT;
    }

    /** How to begin a command that is to run on the server. */
    static List<String> entering() {
        List<String> command = new ArrayList<>(ENTER);
        command.set(0, program(ENTER.getFirst()));
        return command;
    }

    /** A new filesystem of that type, by the same path on both hosts; what is in it can be shared by its path. */
    static Path sharedInPlace(Path directory, String type, long bytes) {
        Share share = disk(UUID.randomUUID().toString(), type, bytes);
        Path here = directory.resolve("disk");
        Path there = SHARED.resolve(Path.of("/").relativize(here));
        try {
            Files.createDirectories(here);
            Files.createDirectories(there);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        for (Path place : List.of(here, there)) {
            run(List.of("mount", "--bind", share.there().toString(), place.toString()));
        }
        return here;
    }

    /** A new filesystem of that type, not yet shared. */
    static Share disk(String name, String type, long bytes) {
        Share share = new Share(name);
        Path image = SHARED.resolveSibling(name + ".image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
            Files.createDirectories(share.there());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        run(List.of("mkfs." + type, "-q", image.toString()));
        run(List.of(
                "mount", "-o", "loop,nodiscard", image.toString(), share.there().toString()));
        return share;
    }

    /** What has come over the cable to this host and gone from it, since the beginning. */
    static long bytesSent() throws IOException {
        Path figures = Path.of("/proc/thread-self/net/dev");
        return Files.readString(figures)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("cable:"))
                .map(line -> line.substring("cable:".length()).strip().split("\\s+", -1))
                .mapToLong(columns -> Long.parseLong(columns[0]) + Long.parseLong(columns[8]))
                .sum();
    }

    /** It goes away as one that is switched off, and what clients ask then is not even refused. */
    static void kill() {
        cable("down");
        onServer("rpc.nfsd", "0");
    }

    static void restart() {
        onServer("rpc.nfsd", "4");
        cable("up");
    }

    /** {@code down} or {@code up} */
    static void cable(String state) {
        onServer("ip", "link", "set", "cable", state);
    }

    static void onServer(String... command) {
        run(Stream.concat(ENTER.stream(), Stream.of(command)).toList());
    }

    private static String program(String name) {
        return Commands.find(name).orElseThrow(() -> Commands.missing(name)).toString();
    }

    static String run(List<String> command) {
        List<String> full = new ArrayList<>(command);
        full.set(0, program(command.getFirst()));
        return Commands.run(full, DEADLINE).orThrow("prepare the test").output();
    }
}
