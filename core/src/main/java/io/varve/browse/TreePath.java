package io.varve.browse;

import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A path below a tree's root, as a client gives it: relative, of any bytes but NUL, never a step up. Empty steps and
 * steps to themselves ({@code a//b/./}) are dropped; an empty path, {@code .} and {@code /} are the root.
 */
public record TreePath(List<RawName> steps) {
    public static final TreePath ROOT = new TreePath(List.of());

    private static final RawName SELF = RawName.of(".");
    private static final RawName PARENT = RawName.of("..");

    public TreePath {
        steps = List.copyOf(steps);
    }

    /** @throws StorageException {@code REQUEST_INVALID} for an absolute path, a step up, a NUL */
    public static TreePath of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\0') >= 0) {
            throw refused(bytes, "contains a NUL, which no file name does");
        }
        List<RawName> steps = new ArrayList<>();
        for (String part : text.split("/")) {
            RawName step = RawName.ofLatin1(part);
            if (step.equals(PARENT)) {
                throw refused(bytes, "contains '..'; give it without steps up");
            }
            if (step.length() > 0 && !step.equals(SELF)) {
                steps.add(step);
            }
        }
        if (text.startsWith("/") && !steps.isEmpty()) {
            throw refused(bytes, "is absolute; give it relative to the tree's root");
        }
        return new TreePath(steps);
    }

    public static TreePath of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static StorageException refused(byte[] bytes, String reason) {
        String shown = new String(bytes, StandardCharsets.UTF_8).replace("\0", "\\0");
        return new StorageException(ErrorCode.REQUEST_INVALID, "path '" + shown + "' " + reason);
    }

    public boolean isRoot() {
        return steps.isEmpty();
    }

    /** The directory above. @throws java.util.NoSuchElementException for the root */
    public TreePath parent() {
        name();
        return new TreePath(steps.subList(0, steps.size() - 1));
    }

    /** The last step. @throws java.util.NoSuchElementException for the root */
    public RawName name() {
        return steps.getLast();
    }

    /** The steps joined by {@code /}; the root is empty. */
    public RawName raw() {
        return steps.stream().reduce(RawName.of(""), RawName::resolve);
    }

    /** For people: UTF-8, with what is not UTF-8 replaced. */
    @Override
    public String toString() {
        return raw().toString();
    }
}
