package io.varve.policy;

import io.varve.volume.Store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was seen of the space of stores, over restarts: a file for each store, a line for each look. To lose some of it costs a
 * less certain forecast and nothing else, so nothing is synced, and what cannot be read or written is passed over:
 * space is watched on a full disk too.
 */
final class SpaceHistory {
    /** Looks kept of each store. */
    static final int REMEMBERED = 1440;

    /** Bytes from which on a file is written anew: more than twice as many looks. */
    private static final long LONGEST_FILE = 128 * 1024;

    private static final System.Logger LOG = System.getLogger(SpaceHistory.class.getName());

    private final Path directory;

    SpaceHistory(Path directory) {
        this.directory = directory;
    }

    /** In the order of their times, at most {@link #REMEMBERED}; what is no look is left out. */
    Deque<SpaceTrend.Look> read(Store store) {
        Deque<SpaceTrend.Look> looks = new ArrayDeque<>();
        Path file = file(store);
        if (!Files.exists(file)) {
            return looks;
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            lines.map(SpaceHistory::look).flatMap(Optional::stream).forEach(look -> remember(looks, look));
        } catch (IOException | UncheckedIOException unreadable) {
            LOG.log(System.Logger.Level.DEBUG, "cannot read " + file, unreadable);
        }
        return looks;
    }

    /** Adds a look. What was seen in a time that is to come again, because the clock was set back, is forgotten. */
    static void remember(Deque<SpaceTrend.Look> looks, SpaceTrend.Look look) {
        while (!looks.isEmpty() && !looks.getLast().time().isBefore(look.time())) {
            looks.removeLast();
        }
        looks.addLast(look);
        while (looks.size() > REMEMBERED) {
            looks.removeFirst();
        }
    }

    /** Writes the last of these looks down. */
    void append(Store store, Deque<SpaceTrend.Look> looks) {
        if (file(store).toFile().length() > LONGEST_FILE) {
            replace(store, looks);
            return;
        }
        keep(
                store,
                file -> Files.writeString(
                        file, line(looks.getLast()), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** Makes the file hold these alone, whole or not at all. */
    void replace(Store store, Deque<SpaceTrend.Look> looks) {
        keep(store, file -> {
            Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
            Files.writeString(fresh, looks.stream().map(SpaceHistory::line).collect(Collectors.joining()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    @FunctionalInterface
    private interface Writing {
        void to(Path file) throws IOException;
    }

    private void keep(Store store, Writing writing) {
        Path file = file(store);
        try {
            Files.createDirectories(directory);
            writing.to(file);
        } catch (IOException full) {
            LOG.log(System.Logger.Level.DEBUG, "cannot write " + file, full);
        }
    }

    private static String line(SpaceTrend.Look look) {
        return look.time().getEpochSecond() + " " + look.used() + "\n";
    }

    private static Optional<SpaceTrend.Look> look(String line) {
        List<String> words = List.of(line.split(" ", -1));
        try {
            return words.size() == 2
                    ? Optional.of(new SpaceTrend.Look(
                            Instant.ofEpochSecond(Long.parseLong(words.get(0))), Long.parseLong(words.get(1))))
                    : Optional.empty();
        } catch (NumberFormatException | DateTimeException torn) {
            return Optional.empty();
        }
    }

    /** A store of the same name at another place is another one. */
    private Path file(Store store) {
        int place = store.layout().root().toString().hashCode();
        return directory.resolve(store.name() + "-" + Integer.toHexString(place));
    }
}
