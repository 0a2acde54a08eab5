package io.varve.retention;

import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How a policy names its snapshots: text with {@code {utc}}, the time of the snapshot, and {@code {policy}}, the policy's
 * name. Every template has {@code {utc}}, for labels are unique.
 */
public record LabelTemplate(String text) {
    private static final String UTC = "{utc}";
    private static final String POLICY = "{policy}";
    private static final Pattern BRACE = Pattern.compile("[{}]");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What is used where a policy names none. */
    public static final LabelTemplate DEFAULT = new LabelTemplate("{policy}-{utc}");

    public LabelTemplate {
        String plain = text.replace(UTC, "").replace(POLICY, "");
        if (BRACE.matcher(plain).find()) {
            throw invalid(text, "only {utc} and {policy} may stand in braces");
        }
        if (!text.contains(UTC)) {
            throw invalid(text, "it has no {utc}, so the second snapshot would be named like the first");
        }
        checkLabel(text);
    }

    /**
     * The label for a snapshot taken at {@code time}: {@code {utc}} becomes {@code yyyyMMdd_HHmmss.SSS}.
     *
     * @throws StorageException {@code NAME_INVALID} where the policy's name makes the label too long
     */
    public SnapshotLabel render(String policy, Instant time) {
        return SnapshotLabel.of(text.replace(UTC, STAMP.format(time)).replace(POLICY, policy));
    }

    private static void checkLabel(String text) {
        try {
            SnapshotLabel.of(text.replace(UTC, STAMP.format(Instant.EPOCH)).replace(POLICY, "policy"));
        } catch (StorageException refused) {
            throw invalid(text, "its labels would be refused: " + refused.getMessage());
        }
    }

    private static StorageException invalid(String text, String rule) {
        return Refusal.invalid("invalid label template " + Refusal.quote(text) + ": " + rule);
    }

    @Override
    public String toString() {
        return text;
    }
}
