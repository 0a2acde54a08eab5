package io.varve.appliance.rest;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of a file that a request wants (RFC 9110, section 14). */
sealed interface ByteRange {
    /** All of it, as answer 200. */
    record Whole(long size) implements ByteRange {}

    /** Some of it, as answer 206. */
    record Part(long from, long length, long size) implements ByteRange {
        /** What the header {@code Content-Range} says. */
        String contentRange() {
            return "bytes " + from + "-" + (from + length - 1) + "/" + size;
        }
    }

    /** Nothing of it, as answer 416. */
    record Beyond(long size) implements ByteRange {
        String contentRange() {
            return "bytes */" + size;
        }
    }

    /** One range of bytes: {@code 5-9}, {@code 5-} or {@code -5}. */
    Pattern ONE_RANGE = Pattern.compile("bytes[ \t]*=[ \t]*([0-9]*)-([0-9]*)[ \t]*", Pattern.CASE_INSENSITIVE);

    /**
     * Reads the header {@code Range}. What is malformed, of another unit or of several ranges is passed over, as the
     * RFC lets a server do: the answer is the whole file.
     *
     * @param size of the file, in bytes
     */
    static ByteRange of(Optional<String> header, long size) {
        Matcher range = ONE_RANGE.matcher(header.orElse(""));
        if (!range.matches()) {
            return new Whole(size);
        }
        OptionalLong first = number(range.group(1));
        OptionalLong last = number(range.group(2));
        if (first.isEmpty()) {
            return last.isEmpty() ? new Whole(size) : suffix(last.getAsLong(), size);
        }
        if (last.isPresent() && last.getAsLong() < first.getAsLong()) {
            return new Whole(size);
        }
        return part(first.getAsLong(), Math.min(last.orElse(Long.MAX_VALUE), size - 1), size);
    }

    private static ByteRange suffix(long length, long size) {
        return length == 0 ? new Beyond(size) : part(Math.max(0, size - length), size - 1, size);
    }

    private static ByteRange part(long first, long last, long size) {
        return first >= size ? new Beyond(size) : new Part(first, last - first + 1, size);
    }

    /** A number too long for any file is as good as the largest. */
    private static OptionalLong number(String digits) {
        if (digits.isEmpty()) {
            return OptionalLong.empty();
        }
        int longest = 18;
        return OptionalLong.of(digits.length() > longest ? Long.MAX_VALUE : Long.parseLong(digits));
    }
}
