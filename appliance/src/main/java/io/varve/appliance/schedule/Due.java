package io.varve.appliance.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.varve.retention.Schedule;
import io.varve.retention.Span;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/** When schedules are due; the same cron dialect as the scheduler's. */
public final class Due {
    private static final CronParser CRON = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ));

    private static final ZonedDateTime BEGINNING = Instant.EPOCH.atZone(ZoneOffset.UTC);

    private Due() {}

    /** What is wrong with a cron expression; empty where nothing is. */
    public static Optional<String> fault(String expression) {
        try {
            Cron cron = CRON.parse(expression).validate();
            // Not counted from now: a policy whose last year is over is no faulty one.
            boolean ever = ExecutionTime.forCron(cron).nextExecution(BEGINNING).isPresent();
            return ever ? Optional.empty() : Optional.of("is never due: no such day comes");
        } catch (IllegalArgumentException malformed) {
            return Optional.of(String.valueOf(malformed.getMessage()));
        }
    }

    /** The first time after {@code last} that the schedule is due; empty for one that never is again. */
    public static Optional<Instant> next(Schedule schedule, Instant last) {
        return switch (schedule.timing()) {
            case Schedule.Cron(String expression) -> {
                Cron cron = CRON.parse(expression);
                ZonedDateTime from = last.atZone(schedule.zone());
                yield ExecutionTime.forCron(cron).nextExecution(from).map(ZonedDateTime::toInstant);
            }
            case Schedule.Every(Span interval) -> Optional.of(interval.after(last, schedule.zone()));
        };
    }

    /**
     * How long after now an interval is over that began with the last run, or one of those that follow it: a start of the
     * appliance does not shift the rhythm. None for what never ran.
     */
    static Duration rest(Span interval, Optional<Instant> last, Instant now) {
        long length = length(interval, now).toMillis();
        long behind = last.map(time -> Duration.between(time, now).toMillis()).orElse(-1L);
        return behind < 0 ? Duration.ZERO : Duration.ofMillis(length - behind % length);
    }

    /** How long a span is from now on. */
    static Duration length(Span span, Instant now) {
        return Duration.between(now, span.after(now, ZoneOffset.UTC));
    }
}
