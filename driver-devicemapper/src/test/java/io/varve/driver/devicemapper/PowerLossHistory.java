package io.varve.driver.devicemapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * What a load was told is done, and what each of its volumes was at, in lines that are outside of the machine that loses
 * its power before the load goes on.
 *
 * <pre>
 * &gt; VOLUME DEED ARGUMENT    begun: create, write N, snapshot LABEL, remove LABEL, rollback LABEL, destroy
 * &lt; VOLUME RESULT           done; the undo point's label where it was a rollback
 * = VOLUME head N           what was found at the last start: the state of the head
 * = VOLUME snapshot LABEL N
 * BEGIN ... READY           around what was found; the last whole one counts
 * </pre>
 */
final class PowerLossHistory {
    /** A state of a head that nobody knows: it was being written. */
    static final int UNKNOWN = -1;

    /** A volume nobody has written to. */
    static final int EMPTY = 0;

    /** What a volume should be. */
    static final class Expected {
        boolean exists;
        int head = EMPTY;
        Optional<String> deed = Optional.empty();
        String argument = "";
        final Map<String, Integer> snapshots = new TreeMap<>();

        boolean wasAt(String what) {
            return deed.filter(what::equals).isPresent();
        }

        private void begin(String[] words) {
            deed = Optional.of(words[2]);
            argument = words.length > 3 ? words[3] : "";
        }

        private void done(String[] words) {
            switch (deed.orElseThrow()) {
                case "create" -> exists = true;
                case "write" -> head = Integer.parseInt(argument);
                case "snapshot" -> snapshots.put(argument, head);
                case "remove" -> snapshots.remove(argument);
                case "rollback" -> {
                    snapshots.put(words[2], head);
                    head = snapshots.getOrDefault(argument, UNKNOWN);
                }
                case "destroy" -> {
                    exists = false;
                    head = EMPTY;
                    snapshots.clear();
                }
                default -> throw new IllegalStateException("unknown deed " + deed);
            }
            deed = Optional.empty();
        }

        private void found(String[] words) {
            exists = true;
            if (words[2].equals("head")) {
                head = Integer.parseInt(words[3]);
            } else {
                snapshots.put(words[3], Integer.parseInt(words[4]));
            }
        }
    }

    private final Consumer<String> sink;
    private final Map<String, Expected> volumes;

    /** @param sink makes a line last before it returns */
    PowerLossHistory(List<String> lines, Consumer<String> sink) {
        this.sink = sink;
        this.volumes = replay(lines);
    }

    /**
     * The history in a file, which is written through at each line.
     *
     * @param told how many lines there are, after each
     */
    static PowerLossHistory in(Path file, LongConsumer told) throws IOException {
        List<String> lines = Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
        AtomicLong count = new AtomicLong(lines.size());
        FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new PowerLossHistory(lines, line -> {
            try {
                out.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
                out.force(true);
                told.accept(count.addAndGet(line.lines().count()));
            } catch (IOException failure) {
                throw new UncheckedIOException("cannot note '" + line + "' in " + file, failure);
            }
        });
    }

    private static Map<String, Expected> replay(List<String> lines) {
        Map<String, Expected> known = new TreeMap<>();
        Map<String, Expected> finding = new TreeMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "BEGIN" -> finding = new TreeMap<>();
                case "READY" -> known = finding;
                case "=" -> of(finding, words[1]).found(words);
                case ">" -> of(known, words[1]).begin(words);
                case "<" -> of(known, words[1]).done(words);
                default -> {}
            }
        }
        return known;
    }

    private static Expected of(Map<String, Expected> all, String volume) {
        return all.computeIfAbsent(volume, name -> new Expected());
    }

    synchronized Expected of(String volume) {
        return volumes.getOrDefault(volume, new Expected());
    }

    /** Says what was found, in one piece; what was unknown before is settled by it. */
    synchronized void settle(Map<String, Expected> found) {
        List<String> lines = new ArrayList<>(List.of("BEGIN"));
        found.forEach((name, volume) -> {
            lines.add("= " + name + " head " + volume.head);
            volume.snapshots.forEach((label, state) -> lines.add("= " + name + " snapshot " + label + " " + state));
        });
        lines.add("READY");
        volumes.clear();
        volumes.putAll(found);
        note(String.join("\n", lines));
    }

    synchronized void note(String line) {
        sink.accept(line);
    }

    /** Does something to a volume, between the two lines that say so. The result is empty but of a rollback. */
    void during(String volume, String deed, Supplier<String> work) {
        Expected expected;
        synchronized (this) {
            note("> " + volume + " " + deed);
            expected = of(volumes, volume);
            expected.begin(("> " + volume + " " + deed).split(" ", -1));
        }
        String result = work.get();
        synchronized (this) {
            note("< " + volume + " " + result);
            expected.done(new String[] {"<", volume, result});
        }
    }
}
