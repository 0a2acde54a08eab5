package io.varve.retention;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When to snapshot, what to keep, and which volumes that concerns.
 *
 * @param name letters, digits, {@code . _ -}, beginning with a letter or digit, at most 64
 * @param schedule empty for a policy that runs only when asked to
 * @param onlyIfChanged take no snapshot of a volume that has not changed since the last one
 * @param minAge what is younger than this is kept
 * @param undoFor how long the state before a rollback can be brought back
 * @param brake empty for the default one
 * @param alarmAfter how old the newest snapshot of a volume may be; zero for as old as it gets, empty for as old as the
 *     schedule says
 * @param together whether the volumes of a store are snapshotted as one set, all or none
 * @param hooks programs around each snapshot
 */
public record Policy(
        String name,
        Match match,
        Optional<Schedule> schedule,
        LabelTemplate label,
        boolean onlyIfChanged,
        Keep keep,
        Representative representative,
        Gaps gaps,
        Combine combine,
        Reference reference,
        Span minAge,
        Span undoFor,
        Unmatched unmatched,
        Optional<SpaceRule> space,
        Optional<Brake> brake,
        Optional<Span> alarmAfter,
        boolean together,
        Optional<Hooks> hooks) {

    public static final Span DEFAULT_UNDO_FOR = Span.parse("24h");

    static final String NAME_RULE =
            "write 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit and without '..'";
    /** It stands in the labels of snapshots, which have no {@code ..} in them. */
    private static final Pattern NAME = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Which snapshot stands for its period. */
    public enum Representative {
        NEWEST,
        OLDEST
    }

    /** Whether periods without snapshots use up a rule's count. */
    public enum Gaps {
        SKIP,
        COUNT
    }

    /** How the rules work together. */
    public enum Combine {
        /** One rule is enough to keep a snapshot. */
        ANY,
        /** As {@code ANY}, and nothing that lies inside any rule's span is removed. */
        ALL
    }

    /** What spans and calendar counts are measured back from. */
    public enum Reference {
        NEWEST,
        NOW
    }

    /** What becomes of snapshots that the policy did not make. */
    public enum Unmatched {
        IGNORE,
        INCLUDE
    }

    public Policy {
        if (!isName(name)) {
            throw Refusal.invalid("invalid policy name " + Refusal.quote(name) + ": " + NAME_RULE);
        }
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** A policy with every default: no schedule, no space rule, the usual brake. */
    public static Policy of(String name, Match match, Keep keep) {
        return new Policy(
                name,
                match,
                Optional.empty(),
                LabelTemplate.DEFAULT,
                false,
                keep,
                Representative.NEWEST,
                Gaps.SKIP,
                Combine.ANY,
                Reference.NEWEST,
                Span.ZERO,
                DEFAULT_UNDO_FOR,
                Unmatched.IGNORE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** The zone in which retention cuts its periods: the schedule's, else UTC. */
    public ZoneId zone() {
        return schedule.map(Schedule::zone).orElse(ZoneOffset.UTC);
    }
}
