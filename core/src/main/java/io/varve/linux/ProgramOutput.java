package io.varve.linux;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One stream of a program, read to its end in a thread of its own so that a full pipe never stops the program. At most
 * {@value #MAX} characters of it are kept in memory, and of each line.
 */
final class ProgramOutput {
    static final int MAX = 64 * 1024;

    /** A descendant that went on in the background may hold the pipe open for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<String> eachLine;
    private final StringBuilder kept = new StringBuilder();
    private final Thread reader;
    private volatile @Nullable RuntimeException failure;

    ProgramOutput(InputStream stream, Consumer<String> eachLine) {
        this.eachLine = eachLine;
        this.reader = Thread.ofVirtual().start(() -> read(stream));
    }

    private void read(InputStream stream) {
        try (Reader characters = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            int last = '\n';
            for (int next = characters.read(); next >= 0; next = characters.read()) {
                take((char) next, (char) last, line);
                last = next;
            }
            if (!line.isEmpty()) {
                finishLine(line);
            }
        } catch (IOException closed) {
            keep("(output ended early: " + closed.getMessage() + ")");
        }
    }

    /** A line ends with LF, CR (as progress does) or both. */
    private void take(char next, char last, StringBuilder line) {
        if (next == '\r' || (next == '\n' && last != '\r')) {
            finishLine(line);
        } else if (next != '\n' && line.length() < MAX) {
            line.append(next);
        }
    }

    private void finishLine(StringBuilder line) {
        String text = line.toString();
        line.setLength(0);
        keep(text);
        tell(text);
    }

    /** A listener that fails is not told more, and its failure comes out of {@link #finish}; the reading goes on. */
    private void tell(String line) {
        if (failure == null) {
            try {
                eachLine.accept(line);
            } catch (RuntimeException broken) {
                failure = broken;
            }
        }
    }

    private void keep(String line) {
        synchronized (kept) {
            int room = MAX - kept.length();
            if (room > 0) {
                kept.append(line, 0, Math.min(room, line.length())).append('\n');
            }
        }
    }

    /** What was kept, once the stream has ended. */
    String finish() {
        try {
            reader.join(PATIENCE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        RuntimeException broken = failure;
        if (broken != null) {
            throw broken;
        }
        synchronized (kept) {
            return kept.toString();
        }
    }
}
