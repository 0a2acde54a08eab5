package io.varve.access;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What somebody may do; each role may do what the one before it may. */
public enum Role {
    /** Sees what there is; never what is inside a snapshot. */
    VIEWER,
    /** Works with volumes and snapshots, and reads what is in them. */
    OPERATOR,
    /** Sets the appliance up: stores, policies, tokens. */
    ADMIN;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** @throws StorageException {@code REQUEST_INVALID} */
    public static Role parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new StorageException(
                        ErrorCode.REQUEST_INVALID, "there is no role '" + text + "'; roles are " + all()));
    }

    private static String all() {
        return Arrays.stream(values()).map(Role::text).collect(Collectors.joining(", "));
    }

    /** As clients write it: {@code viewer}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
