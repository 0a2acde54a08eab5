package io.varve.appliance.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A list in parts.
 *
 * @param next what {@code ?page=} takes to go on; null at the end
 */
record Page<T>(
        List<T> items,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next) {

    private static final int MAX = 10_000;

    /**
     * One part of a list.
     *
     * @param limit how many at most; empty is all
     * @param page where to go on, from {@code next}
     * @param view makes what is shown; only for the items of this part
     */
    static <S, T> Page<T> of(List<S> all, Optional<String> limit, Optional<String> page, Function<S, T> view) {
        int from = page.map(Page::decode).orElse(0);
        int size = limit.map(Page::checked).orElse(Integer.MAX_VALUE);
        int to = (int) Math.min(all.size(), (long) from + size);
        List<T> items = from >= to
                ? List.of()
                : all.subList(from, to).stream().map(view).toList();
        return new Page<>(items, to < all.size() ? encode(to) : null);
    }

    /** A limit within bounds. */
    static int checked(String limit) {
        int number = limit.matches("[0-9]{1,5}") ? Integer.parseInt(limit) : 0;
        if (number < 1 || number > MAX) {
            throw Body.invalid("'limit' is a number from 1 to " + MAX);
        }
        return number;
    }

    private static String encode(int offset) {
        byte[] text = ("o" + offset).getBytes(StandardCharsets.US_ASCII);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    private static int decode(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
            if (text.matches("o[0-9]{1,9}")) {
                return Integer.parseInt(text.substring(1));
            }
        } catch (IllegalArgumentException malformed) {
            throw Body.invalid("'page' is not a token of this list");
        }
        throw Body.invalid("'page' is not a token of this list");
    }
}
