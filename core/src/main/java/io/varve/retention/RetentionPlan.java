package io.varve.retention;

import java.util.List;
import java.util.stream.Stream;

/** What stays and what goes, with reasons. Both lists are oldest first; together they are exactly what was given. */
public record RetentionPlan(List<Kept> keep, List<Removed> remove) {
    public RetentionPlan {
        keep = List.copyOf(keep);
        remove = List.copyOf(remove);
    }

    /**
     * A snapshot that stays.
     *
     * @param subject whether the policy's rules apply to it at all
     * @param rules the rules that keep it, with running numbers: {@code "hourly 3/24"}
     * @param protections what keeps it whatever the rules say: {@code "tag release-1.2"}, {@code "hold backup@host"}
     */
    public record Kept(Candidate snapshot, boolean subject, List<String> rules, List<String> protections) {
        public Kept {
            rules = List.copyOf(rules);
            protections = List.copyOf(protections);
        }

        /** Every reason, rules first; never empty. */
        public List<String> reasons() {
            return Stream.concat(rules.stream(), protections.stream()).toList();
        }
    }

    /** A snapshot that goes, and why: {@code "no rule keeps it"}. */
    public record Removed(Candidate snapshot, String reason) {}

    /** How many of the snapshots are subject to the policy. Only those are ever removed. */
    public int subjectCount() {
        return (int) keep.stream().filter(Kept::subject).count() + remove.size();
    }
}
