package io.varve.volume;

import io.varve.catalog.SnapshotGroup;
import io.varve.catalog.SnapshotKind;
import io.varve.catalog.Tag;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What snapshot is wanted.
 *
 * @param label empty makes one of the time: UTC {@code yyyyMMdd_HHmmss.SSS}
 * @param policy the policy that takes it, for kind POLICY
 * @param group the set it is to be one of
 */
public record SnapshotRequest(
        Optional<SnapshotLabel> label,
        String message,
        List<Tag> tags,
        SnapshotKind kind,
        Optional<String> policy,
        Optional<SnapshotGroup> group) {

    /** Bytes of UTF-8: plenty for a sentence to people, and far from what a record may have. */
    public static final int LONGEST_MESSAGE = 4096;

    public SnapshotRequest {
        requireShort("message", message);
        tags = List.copyOf(tags);
    }

    /** @throws StorageException {@code REQUEST_INVALID} */
    static void requireShort(String what, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_MESSAGE) {
            throw new StorageException(
                    ErrorCode.REQUEST_INVALID,
                    "the " + what + " has " + bytes + " bytes; at most " + LONGEST_MESSAGE + " are kept");
        }
    }

    /** A snapshot somebody asks for. */
    public static SnapshotRequest manual(Optional<SnapshotLabel> label, String message, List<Tag> tags) {
        return new SnapshotRequest(label, message, tags, SnapshotKind.MANUAL, Optional.empty(), Optional.empty());
    }

    public static SnapshotRequest labelled(String label) {
        return manual(Optional.of(SnapshotLabel.of(label)), "", List.of());
    }

    public static SnapshotRequest byPolicy(String policy, SnapshotLabel label) {
        return new SnapshotRequest(
                Optional.of(label), "", List.of(), SnapshotKind.POLICY, Optional.of(policy), Optional.empty());
    }

    public SnapshotRequest in(SnapshotGroup set) {
        return new SnapshotRequest(label, message, tags, kind, policy, Optional.of(set));
    }
}
