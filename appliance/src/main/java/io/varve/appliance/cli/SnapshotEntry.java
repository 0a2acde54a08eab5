package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One entry of a directory in a snapshot, as {@code GET .../files} lists it.
 *
 * @param permissions the mode without the type bits
 * @param target the text of a symlink
 */
record SnapshotEntry(
        String name,
        Type type,
        OptionalInt permissions,
        OptionalInt owner,
        OptionalInt group,
        Optional<Instant> modified,
        String target) {
    enum Type {
        FILE,
        DIRECTORY,
        SYMLINK,
        /** Devices, sockets, pipes: nothing whose content could be fetched. */
        OTHER
    }

    private static final int PERMISSION_BITS = 07777;

    /** The snapshot's own root, which no directory lists. */
    static final SnapshotEntry ROOT = new SnapshotEntry(
            "", Type.DIRECTORY, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), "");

    /** @throws CommandFailure where the name could lead out of its directory */
    static SnapshotEntry of(JsonNode item) {
        String name = Json.text(item, "name");
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf(0) >= 0) {
            throw CommandFailure.local("the appliance lists a file by the name '" + Texts.line(name) + "': refused");
        }
        return new SnapshotEntry(
                name,
                type(item),
                permissions(item.path("mode")),
                number(item.path("uid")),
                number(item.path("gid")),
                time(Json.text(item, "modified")),
                Json.text(item, "target"));
    }

    private static Type type(JsonNode item) {
        String kind = Json.text(item, item.has("kind") ? "kind" : "type").toUpperCase(Locale.ROOT);
        return switch (kind) {
            case "REGULAR", "FILE" -> Type.FILE;
            case "DIRECTORY" -> Type.DIRECTORY;
            case "SYMLINK" -> Type.SYMLINK;
            default -> Type.OTHER;
        };
    }

    /** A number, or the octal text people write. */
    private static OptionalInt permissions(JsonNode mode) {
        if (mode.isTextual() && mode.textValue().matches("[0-7]{1,7}")) {
            return OptionalInt.of(Integer.parseInt(mode.textValue(), 8) & PERMISSION_BITS);
        }
        return mode.isInt() ? OptionalInt.of(mode.intValue() & PERMISSION_BITS) : OptionalInt.empty();
    }

    private static OptionalInt number(JsonNode value) {
        return value.canConvertToExactIntegral() && value.canConvertToLong()
                ? OptionalInt.of((int) value.longValue())
                : OptionalInt.empty();
    }

    private static Optional<Instant> time(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }
}
