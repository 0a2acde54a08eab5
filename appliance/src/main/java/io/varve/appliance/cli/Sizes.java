package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/** Sizes for people, in powers of 1024 with one decimal at most: {@code 10.5 GiB}. */
final class Sizes {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final BigDecimal STEP = BigDecimal.valueOf(1024);

    private Sizes() {}

    static String human(long bytes) {
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (unit < UNITS.size() - 1 && rounded(value).abs().compareTo(STEP) >= 0) {
            value = value.divide(STEP);
            unit++;
        }
        return rounded(value).stripTrailingZeros().toPlainString() + " " + UNITS.get(unit);
    }

    /** A size as the appliance takes it: a number of bytes, or the text with its unit for the appliance to read. */
    static JsonNode input(String text) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? BigIntegerNode.valueOf(new BigInteger(text)) : TextNode.valueOf(text);
    }

    private static BigDecimal rounded(BigDecimal value) {
        return value.setScale(1, RoundingMode.HALF_UP);
    }
}
