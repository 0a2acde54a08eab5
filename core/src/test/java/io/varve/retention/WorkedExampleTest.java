package io.varve.retention;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static io.varve.retention.Given.keeping;
import static io.varve.retention.Given.made;
import static io.varve.retention.Given.plan;
import static io.varve.retention.Given.reasons;
import static io.varve.retention.Given.removed;
import static org.assertj.core.api.Assertions.assertThat;

/** The example of docs/retention.md. */
class WorkedExampleTest {
    private static final Policy POLICY = keeping("last: 2, hourly: 3, daily: 4, weekly: 2");
    private static final List<Candidate> SNAPSHOTS = made(
            "2024-05-03T09:00",
            "2024-05-03T21:00",
            "2024-05-04T08:00",
            "2024-05-04T20:00",
            "2024-05-06T10:05",
            "2024-05-06T10:50",
            "2024-05-06T11:10",
            "2024-05-06T13:00",
            "2024-05-06T13:59");

    @Test
    void theTableIsTrue() {
        RetentionPlan plan = plan(POLICY, SNAPSHOTS);

        assertThat(reasons(plan))
                .containsExactly(
                        Map.entry("2024-05-03T09:00", List.of("daily 4/4")),
                        Map.entry("2024-05-03T21:00", List.of("daily 3/4")),
                        Map.entry("2024-05-04T20:00", List.of("daily 2/4", "weekly 2/2")),
                        Map.entry("2024-05-06T10:50", List.of("hourly 3/3")),
                        Map.entry("2024-05-06T11:10", List.of("hourly 2/3")),
                        Map.entry("2024-05-06T13:00", List.of("last 2/2")),
                        Map.entry(
                                "2024-05-06T13:59",
                                List.of("last 1/2", "hourly 1/3", "daily 1/4", "weekly 1/2", "newest")));
        assertThat(removed(plan)).containsExactly("2024-05-04T08:00", "2024-05-06T10:05");
    }

    @Test
    void theNextDayIsAsToldToo() {
        List<Candidate> next = new ArrayList<>();
        plan(POLICY, SNAPSHOTS).keep().forEach(kept -> next.add(kept.snapshot()));
        next.add(made("2024-05-07T09:00"));

        RetentionPlan plan = plan(POLICY, next);

        assertThat(removed(plan)).containsExactly("2024-05-03T09:00", "2024-05-06T10:50", "2024-05-06T13:00");
        assertThat(reasons(plan)).containsEntry("2024-05-03T21:00", List.of("daily 4/4"));
    }
}
