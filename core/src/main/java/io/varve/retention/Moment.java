package io.varve.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoField;

/**
 * An instant as a zone's calendar shows it.
 *
 * @param hourStart the second since the epoch in which the zone's current hour began
 */
record Moment(Instant instant, long hourStart, LocalDate date) {
    private static final int SECONDS_OF_HOUR = 3600;
    private static final int SECONDS_OF_DAY = 86_400;

    static Moment of(Instant instant, ZoneId zone) {
        long second = instant.getEpochSecond();
        long offset = zone.getRules().getOffset(instant).getTotalSeconds();
        long hourStart = Math.floorDiv(second + offset, SECONDS_OF_HOUR) * SECONDS_OF_HOUR - offset;
        long day = Math.floorDiv(second + offset, SECONDS_OF_DAY);
        return new Moment(instant, hourStart, LocalDate.ofEpochDay(onCalendar(day)));
    }

    /** Instants reach a year further than dates do. */
    private static long onCalendar(long day) {
        return Math.clamp(day, LocalDate.MIN.toEpochDay(), LocalDate.MAX.toEpochDay());
    }

    /** Months since the year 0. */
    long month() {
        return date.getLong(ChronoField.PROLEPTIC_MONTH);
    }
}
