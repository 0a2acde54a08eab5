package io.varve.status;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Sizes for people: four significant digits and a binary unit, {@code 98.31 GiB}. */
public final class HumanSize {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final BigDecimal STEP = BigDecimal.valueOf(1024);
    private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

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
}
