package io.varve.appliance.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Bytes, rate and, where the whole is known, a bar; drawn over itself on one line a few times a second. */
final class ProgressBar {
    private static final int WIDTH = 24;
    private static final Duration REDRAW = Duration.ofMillis(200);

    private final PrintWriter err;
    private final InstantSource clock;
    private final String title;
    private final long total;
    private final Instant started;
    private Instant drawn;
    private long done;

    /** @param total bytes; negative where nobody knows */
    ProgressBar(PrintWriter err, InstantSource clock, String title, long total) {
        this.err = err;
        this.clock = clock;
        this.title = title;
        this.total = total;
        this.started = clock.instant();
        this.drawn = started;
    }

    void advance(long bytes) {
        done += bytes;
        Instant now = clock.instant();
        if (Duration.between(drawn, now).compareTo(REDRAW) >= 0) {
            drawn = now;
            draw(now);
        }
    }

    /** Leaves the last figures standing, on a line of their own. */
    void finish() {
        draw(clock.instant());
        err.println();
        err.flush();
    }

    private void draw(Instant now) {
        err.print("\r\u001b[K" + line(Duration.between(started, now)));
        err.flush();
    }

    String line(Duration elapsed) {
        long rate = done * 1000 / Math.max(1, elapsed.toMillis());
        String figures = Sizes.human(done) + "  " + Sizes.human(rate) + "/s";
        return title + "  " + (total > 0 ? bar() + "  " : "") + figures;
    }

    private String bar() {
        long capped = Math.min(done, total);
        int filled = (int) (WIDTH * (double) capped / total);
        long percent = (long) (100 * (double) capped / total);
        return "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + percent + " %";
    }
}
