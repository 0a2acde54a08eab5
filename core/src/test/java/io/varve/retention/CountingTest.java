package io.varve.retention;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static io.varve.retention.Given.keeping;
import static io.varve.retention.Given.kept;
import static io.varve.retention.Given.made;
import static io.varve.retention.Given.plan;
import static io.varve.retention.Given.reasons;
import static io.varve.retention.Given.removed;
import static io.varve.retention.Given.rules;
import static org.assertj.core.api.Assertions.assertThat;

/** How rules count with every default: the newest of a period stands for it, periods without snapshots do not count. */
class CountingTest {
    private static final String[] MORNING = {
        "2024-05-06T10:05", "2024-05-06T10:20", "2024-05-06T10:50",
        "2024-05-06T11:10", "2024-05-06T13:00", "2024-05-06T13:59"
    };

    @Test
    void lastKeepsTheNewest() {
        RetentionPlan plan = plan(keeping("last: 2"), "2024-01-01T12:00", "2024-01-02T12:00", "2024-01-03T12:00");

        assertThat(reasons(plan))
                .isEqualTo(Map.of(
                        "2024-01-03T12:00", List.of("last 1/2", "newest"), "2024-01-02T12:00", List.of("last 2/2")));
        assertThat(removed(plan)).containsExactly("2024-01-01T12:00");
        assertThat(plan.remove().getFirst().reason()).isEqualTo("no rule keeps it");
    }

    @Test
    void theNewestOfEachPeriodIsKeptUntilTheCountIsUsed() {
        RetentionPlan plan = plan(keeping("hourly: 3"), MORNING);

        assertThat(rules(plan))
                .isEqualTo(Map.of(
                        "2024-05-06T13:59", List.of("hourly 1/3"),
                        "2024-05-06T11:10", List.of("hourly 2/3"),
                        "2024-05-06T10:50", List.of("hourly 3/3")));
    }

    @Test
    void aRuleWithCountLeftKeepsTheOldestToo() {
        RetentionPlan plan = plan(keeping("hourly: 5"), MORNING);

        assertThat(rules(plan))
                .containsEntry("2024-05-06T10:50", List.of("hourly 3/5"))
                .containsEntry("2024-05-06T10:05", List.of("hourly 4/5"));
        assertThat(removed(plan)).containsExactly("2024-05-06T10:20", "2024-05-06T13:00");
    }

    @Test
    void anUnlimitedRuleKeepsEveryPeriodAndTheOldest() {
        RetentionPlan plan = plan(keeping("hourly: -1"), MORNING);

        assertThat(rules(plan))
                .containsEntry("2024-05-06T13:59", List.of("hourly 1/unlimited"))
                .containsEntry("2024-05-06T10:05", List.of("hourly 4/unlimited"));
        assertThat(removed(plan)).containsExactly("2024-05-06T10:20", "2024-05-06T13:00");
    }

    @Test
    void theOldestIsNumberedOnceWhereItStandsForItsOwnPeriod() {
        RetentionPlan plan = plan(keeping("daily: 7"), "2024-01-01T12:00", "2024-01-02T12:00");

        assertThat(rules(plan)).containsEntry("2024-01-01T12:00", List.of("daily 2/7"));
    }

    @Test
    void emptyPeriodsDoNotCount() {
        RetentionPlan plan = plan(
                keeping("daily: 3"), "2023-01-01T12:00", "2024-02-10T12:00", "2024-06-29T12:00", "2024-06-30T12:00");

        assertThat(kept(plan)).containsExactly("2024-02-10T12:00", "2024-06-29T12:00", "2024-06-30T12:00");
    }

    @Test
    void everyRuleCountsForItselfAndEachIsNamed() {
        RetentionPlan plan = plan(
                keeping("last: 1, daily: 2, weekly: 2, monthly: 2, quarterly: 2, yearly: 2"),
                "2023-12-30T12:00",
                "2024-01-30T12:00",
                "2024-05-05T12:00",
                "2024-05-06T12:00",
                "2024-05-07T12:00");

        assertThat(rules(plan))
                .isEqualTo(Map.of(
                        "2024-05-07T12:00",
                        List.of("last 1/1", "daily 1/2", "weekly 1/2", "monthly 1/2", "quarterly 1/2", "yearly 1/2"),
                        "2024-05-06T12:00",
                        List.of("daily 2/2"),
                        "2024-05-05T12:00",
                        List.of("weekly 2/2"),
                        "2024-01-30T12:00",
                        List.of("monthly 2/2", "quarterly 2/2"),
                        "2023-12-30T12:00",
                        List.of("yearly 2/2")));
    }

    @Test
    void withinKeepsWhatIsYoungerThanTheNewestBySoMuch() {
        RetentionPlan plan = plan(
                keeping("within: '24h'"),
                "2024-05-01T09:00",
                "2024-05-01T12:00",
                "2024-05-01T12:00:01",
                "2024-05-02T00:00",
                "2024-05-02T12:00");

        assertThat(rules(plan))
                .isEqualTo(Map.of(
                        "2024-05-01T12:00:01", List.of("within 24h"),
                        "2024-05-02T00:00", List.of("within 24h"),
                        "2024-05-02T12:00", List.of("within 24h")));
        assertThat(removed(plan)).containsExactly("2024-05-01T09:00", "2024-05-01T12:00");
    }

    @Test
    void withinPeriodKeepsOneOfEachInsideItsSpanAlone() {
        RetentionPlan plan = plan(
                keeping("withinDaily: '2d'"),
                "2024-05-01T12:00",
                "2024-05-04T11:00",
                "2024-05-04T13:00",
                "2024-05-05T10:00",
                "2024-05-05T11:00",
                "2024-05-06T12:00");

        assertThat(rules(plan))
                .isEqualTo(Map.of(
                        "2024-05-06T12:00", List.of("withinDaily 1/2d"),
                        "2024-05-05T11:00", List.of("withinDaily 2/2d"),
                        "2024-05-04T13:00", List.of("withinDaily 3/2d")));
    }

    @Test
    void theVeryOldestIsKeptWhereItLiesInsideASpan() {
        String[] times = {"2024-05-05T09:00", "2024-05-05T10:00", "2024-05-05T11:00", "2024-05-06T12:00"};

        assertThat(rules(plan(keeping("withinDaily: '30d'"), times)))
                .containsEntry("2024-05-05T09:00", List.of("withinDaily 3/30d"))
                .doesNotContainKey("2024-05-05T10:00");
        assertThat(rules(plan(keeping("withinDaily: '26h'"), times))).doesNotContainKey("2024-05-05T09:00");
    }

    @Test
    void everySpanRuleCutsItsOwnPeriods() {
        RetentionPlan plan = plan(
                keeping(
                        "withinHourly: '1y', withinWeekly: '1y', withinMonthly: '1y', withinQuarterly: '1y', withinYearly: '2y'"),
                "2024-05-06T10:00",
                "2024-05-06T10:30");

        assertThat(rules(plan).get("2024-05-06T10:30"))
                .containsExactly(
                        "withinHourly 1/1y",
                        "withinWeekly 1/1y",
                        "withinMonthly 1/1y",
                        "withinQuarterly 1/1y",
                        "withinYearly 1/2y");
    }

    @Test
    void rulesThatAreOffKeepNothing() {
        RetentionPlan plan = plan(
                keeping("last: 1, within: '0s', hourly: 0, daily: 0, withinHourly: '0d'"),
                "2024-05-06T10:00",
                "2024-05-06T11:00");

        assertThat(kept(plan)).containsExactly("2024-05-06T11:00");
        assertThat(reasons(plan)).containsEntry("2024-05-06T11:00", List.of("last 1/1", "newest"));
    }

    @Test
    void aPolicyThatKeepsNothingInParticularKeepsEverything() {
        for (String rules : List.of("", "last: 0, hourly: 0, within: '0s', withinDaily: '0s', tags: []")) {
            RetentionPlan plan = plan(keeping(rules), MORNING);

            assertThat(plan.remove()).isEmpty();
            assertThat(reasons(plan)).containsEntry("2024-05-06T10:20", List.of("keep is empty"));
        }
    }

    @Test
    void snapshotsOfOneInstantHaveOneOrder() {
        String[] times = {"2024-05-06T10:00:00.000Z", "2024-05-06T10:00:00Z", "2024-05-06T10:00Z"};

        RetentionPlan plan = plan(keeping("last: 2"), times);

        assertThat(kept(plan)).containsExactly("2024-05-06T10:00:00Z", "2024-05-06T10:00Z");
        assertThat(plan(keeping("last: 2"), made(times).reversed())).isEqualTo(plan);
    }

    @Test
    void noSnapshotsMakeAnEmptyPlan() {
        assertThat(plan(keeping("last: 3"), List.of())).isEqualTo(new RetentionPlan(List.of(), List.of()));
    }

    @Test
    void bothListsAreOldestFirst() {
        RetentionPlan plan = plan(keeping("last: 2"), made(MORNING).reversed());

        assertThat(removed(plan))
                .containsExactly("2024-05-06T10:05", "2024-05-06T10:20", "2024-05-06T10:50", "2024-05-06T11:10");
        assertThat(kept(plan)).containsExactly("2024-05-06T13:00", "2024-05-06T13:59");
    }
}
