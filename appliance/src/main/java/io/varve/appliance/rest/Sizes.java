package io.varve.appliance.rest;

import com.fasterxml.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 10 GiB}, {@code 500M}, {@code 1.5t}; every unit is a power of 1024. */
final class Sizes {
    private static final Pattern SHAPE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([kmgtp]?)(?:i?b)?");
    private static final List<String> UNITS = List.of("", "k", "m", "g", "t", "p");

    private Sizes() {}

    /** @return bytes, more than zero */
    static long parse(String field, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong() && value.longValue() > 0) {
            return value.longValue();
        }
        Matcher matcher = SHAPE.matcher(value.asText().strip().toLowerCase(Locale.ROOT));
        if (!value.isTextual() || !matcher.matches()) {
            throw Body.invalid("field '" + field + "' is not a size: a number of bytes or a text such as \"10 GiB\"");
        }
        BigDecimal unit = BigDecimal.valueOf(1L << (10 * UNITS.indexOf(matcher.group(2))));
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(unit);
        if (bytes.signum() <= 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw Body.invalid("field '" + field + "' is out of range");
        }
        return bytes.longValue();
    }
}
