package io.varve.retention;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * Reads RFC 3339 times. The form that everybody writes, {@code 2026-03-05T12:00:00Z} with or without a fraction, is read
 * without a formatter: lists have a hundred thousand of them, and a formatter that is not warm takes most of a second then.
 */
final class TimeText {
    private static final String FORM = "dddd-dd-ddTdd:dd:dd";
    private static final int LONGEST_FRACTION = 9;
    private static final long SECONDS_OF_DAY = 86_400;

    private final String text;

    private TimeText(String text) {
        this.text = text;
    }

    /** @throws DateTimeException for what is no such time */
    static Instant parse(String text) {
        TimeText time = new TimeText(text);
        return time.isPlain() ? time.read() : OffsetDateTime.parse(text).toInstant();
    }

    private boolean isPlain() {
        int end = text.length() - 1;
        if (end < FORM.length() || text.charAt(end) != 'Z' || number(11, 13) > 23) {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            boolean fits = FORM.charAt(i) == 'd' ? isDigit(i) : text.charAt(i) == FORM.charAt(i);
            if (!fits) {
                return false;
            }
        }
        return number(14, 16) < 60 && number(17, 19) < 60 && (end == FORM.length() || hasFraction(end));
    }

    private boolean hasFraction(int end) {
        int start = FORM.length() + 1;
        boolean digits = text.charAt(start - 1) == '.' && end > start && end - start <= LONGEST_FRACTION;
        for (int i = start; digits && i < end; i++) {
            digits = isDigit(i);
        }
        return digits;
    }

    private boolean isDigit(int place) {
        return text.charAt(place) >= '0' && text.charAt(place) <= '9';
    }

    private Instant read() {
        long day = LocalDate.of(number(0, 4), number(5, 7), number(8, 10)).toEpochDay();
        int second = 3600 * number(11, 13) + 60 * number(14, 16) + number(17, 19);
        int end = text.length() - 1;
        long nanos = end == FORM.length() ? 0 : number(FORM.length() + 1, end);
        for (int digits = end - FORM.length() - 1; nanos != 0 && digits < LONGEST_FRACTION; digits++) {
            nanos *= 10;
        }
        return Instant.ofEpochSecond(day * SECONDS_OF_DAY + second, nanos);
    }

    private int number(int start, int end) {
        int number = 0;
        for (int i = start; i < end; i++) {
            number = 10 * number + (text.charAt(i) - '0');
        }
        return number;
    }
}
