package io.varve.status;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Shares for people: two significant digits, {@code 0.51%}, {@code 12%}, {@code 100%}; {@code n/a} of nothing. */
public final class Percent {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal TEN = BigDecimal.TEN;
    private static final MathContext PRECISE = MathContext.DECIMAL64;

    private Percent() {}

    public static String of(long amount, long total) {
        if (total <= 0) {
            return "n/a";
        }
        BigDecimal share = BigDecimal.valueOf(amount).multiply(HUNDRED).divide(BigDecimal.valueOf(total), PRECISE);
        BigDecimal rounded = share.abs().compareTo(TEN) < 0
                ? share.round(new MathContext(2, RoundingMode.HALF_UP))
                : share.setScale(0, RoundingMode.HALF_UP);
        return rounded.stripTrailingZeros().toPlainString() + "%";
    }
}
