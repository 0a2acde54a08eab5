package io.varve.retention;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.varve.retention.Given.at;
import static io.varve.retention.Given.foreign;
import static io.varve.retention.Given.guarded;
import static io.varve.retention.Given.held;
import static io.varve.retention.Given.invalid;
import static io.varve.retention.Given.keeping;
import static io.varve.retention.Given.kept;
import static io.varve.retention.Given.made;
import static io.varve.retention.Given.manual;
import static io.varve.retention.Given.plan;
import static io.varve.retention.Given.policy;
import static io.varve.retention.Given.reasons;
import static io.varve.retention.Given.removed;
import static io.varve.retention.Given.tagged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is kept whatever the rules count. */
class ProtectionTest {
    private static final Candidate OLD = made("2020-01-01T12:00");
    private static final Candidate NEW = made("2024-01-01T12:00");

    @Test
    void aTagProtectsWhetherOrNotARuleNamesIt() {
        RetentionPlan plan =
                plan(keeping("last: 1, tags: ['release-*']"), List.of(tagged(OLD, "release-1.2", "golden"), NEW));

        assertThat(reasons(plan)).containsEntry("2020-01-01T12:00", List.of("tag release-1.2", "tag golden"));
    }

    @Test
    void aPolicyOfTagsAloneRemovesWhatHasNone() {
        RetentionPlan plan = plan(
                keeping("tags: ['release-*']"),
                List.of(
                        OLD,
                        tagged(made("2021-01-01T12:00"), "release-1"),
                        tagged(made("2022-01-01T12:00"), "x"),
                        NEW));

        assertThat(removed(plan)).containsExactly("2020-01-01T12:00");
    }

    @Test
    void aHoldProtects() {
        RetentionPlan plan = plan(keeping("last: 1"), List.of(held(OLD, "backup@host"), NEW));

        assertThat(reasons(plan)).containsEntry("2020-01-01T12:00", List.of("hold backup@host"));
    }

    @Test
    void rollbackTargetsAndChainsAreProtectedByTheirReason() {
        RetentionPlan plan = plan(keeping("last: 1"), List.of(guarded(OLD, "rollback target", "chain of auto-7"), NEW));

        assertThat(reasons(plan)).containsEntry("2020-01-01T12:00", List.of("rollback target", "chain of auto-7"));
    }

    @Test
    void aProtectedSnapshotCountsLikeAnyOther() {
        RetentionPlan plan = plan(
                keeping("last: 2"),
                List.of(OLD, made("2022-01-01T12:00"), tagged(made("2023-01-01T12:00"), "golden"), NEW));

        assertThat(reasons(plan)).containsEntry("2023-01-01T12:00", List.of("last 2/2", "tag golden"));
        assertThat(removed(plan)).containsExactly("2020-01-01T12:00", "2022-01-01T12:00");
    }

    @Test
    void theNewestStaysWhenNoRuleKeepsIt() {
        Policy strict = policy("keep: {within: '1h'}, reference: 'now'");

        assertThat(reasons(plan(strict, List.of(OLD, NEW)))).containsEntry("2024-01-01T12:00", List.of("newest"));
    }

    @Test
    void theNewestOfThePolicyStaysBehindANewerForeignOne() {
        Policy strict = policy("keep: {within: '1h'}, reference: 'now'");

        RetentionPlan plan = plan(strict, List.of(OLD, NEW, manual("2024-01-02T12:00")));

        assertThat(reasons(plan))
                .containsEntry("2024-01-01T12:00", List.of("newest"))
                .containsEntry("2024-01-02T12:00", List.of("not made by policy apps", "newest"));
        assertThat(removed(plan)).containsExactly("2020-01-01T12:00");
    }

    @Test
    void foreignSnapshotsAreNeitherRemovedNorCountedNorTheReference() {
        List<Candidate> snapshots = List.of(
                OLD,
                made("2023-12-31T12:00"),
                NEW,
                manual("2024-01-01T12:30"),
                foreign("2024-01-01T12:31", Candidate.Kind.IMPORT, Optional.empty()),
                foreign("2024-01-01T12:32", Candidate.Kind.MANUAL, Optional.of("apps")),
                foreign("2030-01-01T12:00", Candidate.Kind.POLICY, Optional.of("other")));

        assertThat(removed(plan(keeping("last: 2"), snapshots))).containsExactly("2020-01-01T12:00");
        assertThat(removed(plan(keeping("within: '7d'"), snapshots))).containsExactly("2020-01-01T12:00");
    }

    @Test
    void foreignSnapshotsAreSubjectWhereThePolicyAsksForIt() {
        Policy all = policy("keep: {last: 1}, unmatched: 'include'");
        List<Candidate> snapshots = List.of(
                manual("2020-01-01T12:00"),
                foreign("2021-01-01T12:00", Candidate.Kind.IMPORT, Optional.empty()),
                foreign("2022-01-01T12:00", Candidate.Kind.POLICY, Optional.of("other")),
                tagged(manual("2023-01-01T12:00"), "golden"),
                NEW);

        assertThat(kept(plan(all, snapshots))).containsExactly("2023-01-01T12:00", "2024-01-01T12:00");
    }

    @Test
    void anUndoPointIsNeverTouchedAndNeverStandsForAPeriod() {
        Policy all = policy("keep: {daily: 1}, unmatched: 'include'");
        Candidate undo = foreign("2024-01-01T18:00", Candidate.Kind.UNDO, Optional.empty());

        RetentionPlan plan = plan(all, List.of(OLD, NEW, undo));

        assertThat(reasons(plan))
                .containsEntry("2024-01-01T12:00", List.of("daily 1/1", "newest"))
                .containsEntry("2024-01-01T18:00", List.of("undo point", "newest"));
        assertThat(removed(plan)).containsExactly("2020-01-01T12:00");
    }

    @Test
    void anInvalidSnapshotIsNobodysToRemoveAndNeverStandsForAPeriod() {
        Policy all = policy("keep: {daily: 1}, unmatched: 'include'");

        RetentionPlan plan =
                plan(all, List.of(invalid(OLD), made("2023-01-01T12:00"), NEW, invalid(manual("2024-01-01T18:00"))));

        assertThat(reasons(plan))
                .containsEntry("2020-01-01T12:00", List.of("invalid"))
                .containsEntry("2024-01-01T12:00", List.of("daily 1/1", "newest"))
                .containsEntry("2024-01-01T18:00", List.of("invalid", "newest"));
        assertThat(removed(plan)).containsExactly("2023-01-01T12:00");
    }

    @Test
    void theFutureIsKeptAndNeitherCountedNorTheReference() {
        Instant now = at("2024-01-10T00:00");
        List<Candidate> snapshots = made(
                "2024-01-01T12:00", "2024-01-08T12:00", "2024-01-09T12:00", "2029-01-01T12:00", "2030-01-01T12:00");

        RetentionPlan last = Retention.plan(snapshots, keeping("last: 2"), now, Given.UTC);
        RetentionPlan within = Retention.plan(snapshots, keeping("within: '2d'"), now, Given.UTC);

        assertThat(reasons(last))
                .containsEntry("2024-01-08T12:00", List.of("last 2/2"))
                .containsEntry("2024-01-09T12:00", List.of("last 1/2", "newest"))
                .containsEntry("2029-01-01T12:00", List.of("in the future"))
                .containsEntry("2030-01-01T12:00", List.of("in the future", "newest"));
        assertThat(removed(last)).containsExactly("2024-01-01T12:00");
        assertThat(removed(within)).containsExactly("2024-01-01T12:00");
    }

    @Test
    void whatWasMadeThisVeryMomentIsThePresent() {
        RetentionPlan plan = Retention.plan(List.of(OLD, NEW), keeping("last: 1"), NEW.created(), Given.UTC);

        assertThat(reasons(plan)).containsExactly(Map.entry("2024-01-01T12:00", List.of("last 1/1", "newest")));
    }

    @Test
    void aClockSetBackCostsNoHistory() {
        List<Candidate> snapshots = new ArrayList<>(made("2024-01-01T12:00", "2024-01-02T12:00"));
        // The clock ran a year ahead for three days, then was put right.
        snapshots.addAll(made("2025-01-03T12:00", "2025-01-04T12:00", "2025-01-05T12:00"));
        snapshots.add(made("2024-01-06T12:00"));

        RetentionPlan plan = Retention.plan(
                snapshots, keeping("last: 3, daily: 3, withinDaily: '30d'"), at("2024-01-06T12:00"), Given.UTC);

        assertThat(plan.remove()).isEmpty();
    }

    @Test
    void whatIsYoungerThanTheMinimumAgeIsKept() {
        Policy careful = policy("keep: {last: 1}, minAge: '1h'");
        List<Candidate> snapshots = List.of(
                made("2024-01-01T10:00"), made("2024-01-01T11:00"), made("2024-01-01T11:30"), made("2024-01-01T11:45"));

        RetentionPlan plan = Retention.plan(snapshots, careful, at("2024-01-01T12:00"), Given.UTC);

        assertThat(reasons(plan)).containsEntry("2024-01-01T11:30", List.of("minAge 1h"));
        assertThat(removed(plan)).containsExactly("2024-01-01T10:00", "2024-01-01T11:00");
    }

    @Test
    void aLabelGivenTwiceIsRefusedForOneOfTheTwoMightBeRemoved() {
        assertThatThrownBy(() -> plan(keeping("last: 1"), List.of(NEW, OLD, NEW)))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.REQUEST_INVALID))
                .hasMessageContaining("2024-01-01T12:00");
    }

    @Test
    void whatIsGivenIsNotChanged() {
        List<Candidate> given = new ArrayList<>(List.of(NEW, OLD, made("2022-01-01T12:00")));
        List<Candidate> before = List.copyOf(given);

        assertThat(plan(keeping("last: 1"), given).remove()).hasSize(2);
        assertThat(given).isEqualTo(before);
    }
}
