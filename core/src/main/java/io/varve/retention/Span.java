package io.varve.retention;

import io.varve.spi.StorageException;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as people write it: {@code 30s 15m 24h 7d 4w 6M 2y} and combinations such as {@code 1y6M}.
 *
 * <p>Hours, minutes and seconds are exact. Days, weeks, months and years follow the calendar of a zone: a day may have 23
 * or 25 hours, and a month before 31 March is 28 or 29 February. The parts are kept as written, so {@code 24h} and
 * {@code 1d} are different spans.
 */
public record Span(int years, int months, int weeks, int days, int hours, int minutes, int seconds) {
    public static final Span ZERO = new Span(0, 0, 0, 0, 0, 0, 0);

    private static final Pattern PART = Pattern.compile("([0-9]{1,9})([yMwdhms])");
    private static final Pattern WHOLE = Pattern.compile("(?:[0-9]{1,9}[yMwdhms]){1,7}");

    public Span {
        if (years < 0 || months < 0 || weeks < 0 || days < 0 || hours < 0 || minutes < 0 || seconds < 0) {
            throw Refusal.invalid("a duration has a negative part");
        }
    }

    /**
     * Reads a span; each unit at most once, in any order, up to nine digits each.
     *
     * @throws StorageException {@code REQUEST_INVALID}, naming the text
     */
    public static Span parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw invalid(text, "write numbers with units, such as 30s 15m 24h 7d 4w 6M 2y or 1y6M");
        }
        Map<String, Integer> parts = new HashMap<>();
        Matcher part = PART.matcher(text);
        while (part.find()) {
            if (parts.put(part.group(2), Integer.valueOf(part.group(1))) != null) {
                throw invalid(text, "the unit '" + part.group(2) + "' is there twice");
            }
        }
        return of(parts);
    }

    private static Span of(Map<String, Integer> parts) {
        return new Span(
                parts.getOrDefault("y", 0),
                parts.getOrDefault("M", 0),
                parts.getOrDefault("w", 0),
                parts.getOrDefault("d", 0),
                parts.getOrDefault("h", 0),
                parts.getOrDefault("m", 0),
                parts.getOrDefault("s", 0));
    }

    public boolean isZero() {
        return equals(ZERO);
    }

    /**
     * The instant that lies this span before {@code end}: first years and months, then weeks and days on the zone's
     * calendar, then the exact part. Where that is before all time, {@link Instant#MIN}.
     */
    public Instant before(Instant end, ZoneId zone) {
        return moved(end, zone, -1, Instant.MIN);
    }

    /** The instant that lies this span after {@code start}, counted as in {@link #before}; at most {@link Instant#MAX}. */
    public Instant after(Instant start, ZoneId zone) {
        return moved(start, zone, 1, Instant.MAX);
    }

    private Instant moved(Instant from, ZoneId zone, int sign, Instant limit) {
        try {
            return onCalendar(from, zone, sign).plusSeconds(sign * exactSeconds());
        } catch (DateTimeException | ArithmeticException outOfTime) {
            return limit;
        }
    }

    private Instant onCalendar(Instant from, ZoneId zone, int sign) {
        long allMonths = 12L * years + months;
        long allDays = 7L * weeks + days;
        if (allMonths == 0 && allDays == 0) {
            return from;
        }
        ZonedDateTime start = from.atZone(zone);
        LocalDateTime moved =
                start.toLocalDateTime().plusMonths(sign * allMonths).plusDays(sign * allDays);
        return ZonedDateTime.ofLocal(moved, zone, start.getOffset()).toInstant();
    }

    private long exactSeconds() {
        return 3600L * hours + 60L * minutes + seconds;
    }

    /** The canonical text: largest unit first, units that are zero left out, {@code 0s} for nothing at all. */
    @Override
    public String toString() {
        String text = part(years, 'y')
                + part(months, 'M')
                + part(weeks, 'w')
                + part(days, 'd')
                + part(hours, 'h')
                + part(minutes, 'm')
                + part(seconds, 's');
        return text.isEmpty() ? "0s" : text;
    }

    private static String part(int amount, char unit) {
        return amount == 0 ? "" : amount + String.valueOf(unit);
    }

    private static StorageException invalid(String text, String rule) {
        return Refusal.invalid("invalid duration " + Refusal.quote(text) + ": " + rule);
    }
}
