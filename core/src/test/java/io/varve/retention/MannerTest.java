package io.varve.retention;

import org.junit.jupiter.api.Test;

import java.util.List;

import static io.varve.retention.Given.at;
import static io.varve.retention.Given.made;
import static io.varve.retention.Given.plan;
import static io.varve.retention.Given.policy;
import static io.varve.retention.Given.removed;
import static io.varve.retention.Given.rules;
import static org.assertj.core.api.Assertions.assertThat;

/** What {@code representative}, {@code gaps}, {@code combine} and {@code reference} change about counting. */
class MannerTest {
    @Test
    void theOldestStandsForItsPeriodWhereAsked() {
        String[] times = {
            "2024-05-01T08:00",
            "2024-05-01T20:00",
            "2024-05-02T08:00",
            "2024-05-02T20:00",
            "2024-05-03T08:00",
            "2024-05-03T20:00"
        };

        assertThat(rules(plan(policy("keep: {daily: 2}, representative: 'oldest'"), times)))
                .containsOnlyKeys(times[2], times[4])
                .containsEntry(times[4], List.of("daily 1/2"))
                .containsEntry(times[2], List.of("daily 2/2"));
        assertThat(rules(plan(policy("keep: {withinDaily: '30d'}, representative: 'oldest'"), times)))
                .containsOnlyKeys(times[0], times[2], times[4]);
    }

    @Test
    void theOldestOfAPeriodThatASpanCutsIsTheOldestInside() {
        String[] times = {"2024-05-01T08:00", "2024-05-01T14:00", "2024-05-01T20:00", "2024-05-02T12:00"};

        assertThat(rules(plan(policy("keep: {withinDaily: '1d'}, representative: 'oldest'"), times)))
                .containsOnlyKeys(times[1], times[3]);
    }

    @Test
    void countedGapsUseUpTheCount() {
        String[] times = {"2024-06-01T12:00", "2024-06-24T12:00", "2024-06-28T12:00", "2024-06-30T12:00"};

        assertThat(rules(plan(policy("keep: {daily: 7}, gaps: 'count'"), times)))
                .containsOnlyKeys(times[1], times[2], times[3])
                .containsEntry(times[1], List.of("daily 7/7"))
                .containsEntry(times[2], List.of("daily 3/7"))
                .containsEntry(times[3], List.of("daily 1/7"));
    }

    @Test
    void theOldestIsKeptWhileCalendarCountIsLeft() {
        String[] times = {"2024-06-24T08:00", "2024-06-24T20:00", "2024-06-30T12:00"};

        assertThat(rules(plan(policy("keep: {daily: 7}, gaps: 'count'"), times)))
                .doesNotContainKey(times[0]);
        assertThat(rules(plan(policy("keep: {daily: 8}, gaps: 'count'"), times)))
                .containsEntry(times[0], List.of("daily 8/8"));
    }

    @Test
    void gapsAreCountedFromNowWhereThatIsTheReference() {
        Policy policy = policy("keep: {monthly: 3}, gaps: 'count', reference: 'now'");
        List<Candidate> snapshots = made("2024-01-15T12:00", "2024-03-15T12:00", "2024-04-15T12:00");

        RetentionPlan plan = Retention.plan(snapshots, policy, at("2024-05-20T00:00"), Given.UTC);

        assertThat(rules(plan))
                .containsOnlyKeys("2024-03-15T12:00", "2024-04-15T12:00")
                .containsEntry("2024-04-15T12:00", List.of("monthly 2/3"));
    }

    @Test
    void lastKnowsNoGaps() {
        String[] times = {"2020-01-01T12:00", "2022-01-01T12:00", "2024-01-01T12:00"};

        assertThat(rules(plan(policy("keep: {last: 2}, gaps: 'count'"), times))).containsOnlyKeys(times[1], times[2]);
    }

    @Test
    void spansAreMeasuredFromNowWhereAsked() {
        List<Candidate> snapshots = made("2024-05-01T12:00", "2024-05-02T12:00", "2024-05-03T12:00");
        Policy newest = policy("keep: {within: '36h'}");
        Policy now = policy("keep: {within: '36h'}, reference: 'now'");

        assertThat(removed(Retention.plan(snapshots, newest, at("2024-05-03T18:00"), Given.UTC)))
                .containsExactly("2024-05-01T12:00");
        assertThat(removed(Retention.plan(snapshots, now, at("2024-05-04T06:00"), Given.UTC)))
                .containsExactly("2024-05-01T12:00", "2024-05-02T12:00");
    }

    @Test
    void combinedWithAllNothingInsideASpanIsRemoved() {
        String[] times = {
            "2024-05-01T08:00", "2024-05-01T20:00", "2024-05-04T08:00", "2024-05-04T20:00", "2024-05-05T12:00"
        };
        String keep = "keep: {last: 1, withinDaily: '3d'}";

        assertThat(removed(plan(policy(keep), times))).containsExactly(times[0], times[1], times[2]);
        assertThat(rules(plan(policy(keep + ", combine: 'all'"), times)))
                .containsOnlyKeys(times[2], times[3], times[4])
                .containsEntry(times[2], List.of("inside withinDaily 3d"));
    }

    @Test
    void combinedWithAllARuleWithoutSpanIsAsBefore() {
        String[] times = {"2024-05-01T08:00", "2024-05-01T20:00", "2024-05-02T08:00"};

        assertThat(removed(plan(policy("keep: {daily: 2}, combine: 'all'"), times)))
                .containsExactly(times[0]);
    }
}
