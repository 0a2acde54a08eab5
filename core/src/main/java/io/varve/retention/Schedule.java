package io.varve.retention;

import java.time.ZoneId;

/**
 * When a policy takes its snapshots.
 *
 * @param zone the zone of the cron expression, and the one in which retention cuts its periods
 * @param jitter how much later than planned a run may begin
 */
public record Schedule(Timing timing, ZoneId zone, Span jitter, Missed missed) {

    /** The rhythm of the runs. */
    public sealed interface Timing permits Cron, Every {}

    /** A cron expression of six or seven fields, Quartz style. */
    public record Cron(String expression) implements Timing {}

    /** A fixed interval; not zero. */
    public record Every(Span interval) implements Timing {}

    /** What becomes of runs that fell into a time when nobody could run them. */
    public enum Missed {
        /** However many were missed, one run makes up for them. */
        ONCE,
        SKIP
    }
}
