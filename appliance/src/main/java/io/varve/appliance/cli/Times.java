package io.varve.appliance.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times for people: UTC to the second. */
final class Times {
    private static final Pattern PART = Pattern.compile("(\\d{1,9})([smhdw])");

    private Times() {}

    static String human(String text) {
        return parse(text)
                .map(time -> time.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse(text);
    }

    static boolean isTime(String text) {
        return text.length() >= 20 && text.charAt(4) == '-' && parse(text).isPresent();
    }

    /**
     * Reads {@code 90s 15m 24h 7d 2w} and joins of them, as {@code 1d12h}.
     *
     * @throws IllegalArgumentException where it is not of that form
     */
    static Duration duration(String text) {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            sum = sum.plus(unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
            end = part.end();
        }
        if (end == 0 || end < text.length()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration such as 90s, 15m, 24h, 7d, 2w or 1d12h");
        }
        return sum;
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> Duration.ofDays(7);
        };
    }

    private static Optional<Instant> parse(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException notATime) {
            return Optional.empty();
        }
    }
}
