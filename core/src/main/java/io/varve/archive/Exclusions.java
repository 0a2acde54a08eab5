package io.varve.archive;

import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an export leaves out: glob patterns over the path inside the volume, anchored at its root.
 *
 * <p>{@code *} stands for any bytes within one path component, {@code **} for any bytes across components ({@code
 * **}{@code /x} also matches {@code x} itself), {@code ?} for one byte that is not {@code /}; a backslash takes the next
 * character as it is. A leading or trailing {@code /} makes no difference. What lies below an excluded directory is
 * excluded with it. Patterns are compared as UTF-8 bytes.
 */
public final class Exclusions {
    private static final int MAX_LENGTH = 4096;
    private static final RawName EVERYTHING = RawName.of("");
    private static final Exclusions NONE = new Exclusions(List.of(), EVERYTHING);

    private final List<Pattern> patterns;
    private final RawName part;

    private Exclusions(List<Pattern> patterns, RawName part) {
        this.patterns = patterns;
        this.part = part;
    }

    public static Exclusions none() {
        return NONE;
    }

    /** @throws StorageException {@code REQUEST_INVALID} where a pattern is empty, too long or leads out with {@code ..} */
    public static Exclusions of(List<String> globs) {
        return new Exclusions(globs.stream().map(Exclusions::compile).toList(), EVERYTHING);
    }

    /**
     * Leaves out, besides, everything but what is at this path and below it. The directories above it stay, alone.
     *
     * @param path from the volume's root, without {@code .} and {@code ..}; empty leaves nothing more out
     */
    public Exclusions limitedTo(RawName path) {
        return new Exclusions(patterns, path);
    }

    /** The one name of a directory that can be wanted; empty where all can be. */
    Optional<RawName> onlyNameIn(RawName directory) {
        if (part.length() <= directory.length() || !TreePath.isSelfOrBelow(part, directory)) {
            return Optional.empty();
        }
        String below = part.latin1().substring(directory.length() == 0 ? 0 : directory.length() + 1);
        return Optional.of(RawName.ofLatin1(below.split("/", 2)[0]));
    }

    /** Whether a path itself is excluded; the walk does not ask for what is below an excluded directory. */
    boolean exclude(RawName path) {
        if (patterns.isEmpty()) {
            return false;
        }
        String text = path.latin1();
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
    }

    private static Pattern compile(String glob) {
        String bare = withoutOuterSlashes(glob);
        if (bare.isEmpty()
                || glob.length() > MAX_LENGTH
                || List.of(bare.split("/", -1)).contains("..")) {
            throw new StorageException(
                    ErrorCode.REQUEST_INVALID,
                    "exclude pattern '" + Printable.cut(glob) + "' is empty, longer than 4096 characters, or has '..'");
        }
        byte[] bytes = bare.getBytes(StandardCharsets.UTF_8);
        return Pattern.compile(regex(new String(bytes, StandardCharsets.ISO_8859_1)), Pattern.DOTALL);
    }

    private static String withoutOuterSlashes(String glob) {
        String bare = glob.startsWith("/") ? glob.substring(1) : glob;
        return bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (at < glob.length()) {
            at += translate(glob, at, regex);
        }
        return regex.toString();
    }

    /** Appends the expression for what stands at {@code at}; returns how many characters that was. */
    private static int translate(String glob, int at, StringBuilder regex) {
        if (glob.startsWith("**/", at) && (at == 0 || glob.charAt(at - 1) == '/')) {
            regex.append("(?:.*/)?");
            return 3;
        }
        if (glob.startsWith("**", at)) {
            regex.append(".*");
            return 2;
        }
        char c = glob.charAt(at);
        if (c == '\\' && at + 1 < glob.length()) {
            regex.append(Pattern.quote(glob.substring(at + 1, at + 2)));
            return 2;
        }
        switch (c) {
            case '*' -> regex.append("[^/]*");
            case '?' -> regex.append("[^/]");
            default -> regex.append(Pattern.quote(String.valueOf(c)));
        }
        return 1;
    }
}
