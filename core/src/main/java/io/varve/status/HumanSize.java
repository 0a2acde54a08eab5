package io.varve.status;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes for people: four significant digits and a binary unit, {@code 98.31 GiB}; and as people write them: {@code 10 GiB},
 * {@code 500M}, {@code 1.5t}, {@code 4096}. Every unit is a power of 1024.
 */
public final class HumanSize {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final BigDecimal STEP = BigDecimal.valueOf(1024);
    private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

    private static final Pattern WRITTEN = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([kmgtp]?)(?:i?b)?");
    private static final String PREFIXES = " kmgtp";

    private HumanSize() {}

    /** The size in the largest unit of which it is at least one, after rounding: never {@code 1024 KiB}. */
    public static String of(long bytes) {
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (value.round(DIGITS).abs().compareTo(STEP) >= 0) {
            value = value.divide(STEP);
            unit++;
        }
        return value.round(DIGITS).stripTrailingZeros().toPlainString() + " " + UNITS.get(unit);
    }

    /**
     * @param field what is to be a size, for the refusal
     * @return bytes, more than zero
     * @throws StorageException {@code REQUEST_INVALID}
     */
    public static long parse(String field, String text) {
        Matcher matcher = WRITTEN.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw notASize(field);
        }
        String prefix = matcher.group(2);
        int power = prefix.isEmpty() ? 0 : PREFIXES.indexOf(prefix);
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(STEP.pow(power));
        if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new StorageException(ErrorCode.REQUEST_INVALID, "field '" + field + "' is out of range");
        }
        return bytes.longValue();
    }

    /** The refusal of what is no size at all. */
    public static StorageException notASize(String field) {
        return new StorageException(
                ErrorCode.REQUEST_INVALID,
                "field '" + field + "' is not a size: a number of bytes or a text such as \"10 GiB\"");
    }
}
