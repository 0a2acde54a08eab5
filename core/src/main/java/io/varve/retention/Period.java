package io.varve.retention;

import java.util.Locale;

/** The calendar periods that rules count. */
public enum Period {
    HOURLY,
    DAILY,
    /** ISO weeks: Monday to Sunday, belonging to no month and no year. */
    WEEKLY,
    MONTHLY,
    QUARTERLY,
    YEARLY;

    private static final int SECONDS_OF_HOUR = 3600;
    /** 1 January 1970 was a Thursday, three days into its week. */
    private static final int DAYS_INTO_FIRST_WEEK = 3;

    /** The rule that keeps a number of these, as policies spell it: {@code hourly}. */
    public String countRule() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The rule that keeps one of each inside a span, as policies spell it: {@code withinHourly}. */
    public String spanRule() {
        return "within" + name().charAt(0) + countRule().substring(1);
    }

    /**
     * The number of the period a moment lies in; equal for moments of one period alone. An hour is numbered by the second
     * it begins in, so the hour that a clock shows twice when it is set back is two hours.
     */
    long of(Moment moment) {
        return switch (this) {
            case HOURLY -> moment.hourStart();
            case DAILY -> moment.date().toEpochDay();
            case WEEKLY -> Math.floorDiv(moment.date().toEpochDay() + DAYS_INTO_FIRST_WEEK, 7L);
            case MONTHLY -> moment.month();
            case QUARTERLY -> Math.floorDiv(moment.month(), 3L);
            case YEARLY -> moment.date().getYear();
        };
    }

    /** How many periods back from {@code later} the period {@code earlier} lies; 0 for the same. */
    long back(long later, long earlier) {
        long steps = later - earlier;
        return Math.max(0, this == HOURLY ? Math.ceilDiv(steps, SECONDS_OF_HOUR) : steps);
    }
}
