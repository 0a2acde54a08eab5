package io.varve.retention;

import io.varve.spi.SnapshotLabel;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;

import static io.varve.retention.Given.keeping;
import static io.varve.retention.Given.kept;
import static io.varve.retention.Given.plan;
import static io.varve.retention.Given.policy;
import static io.varve.retention.Given.rules;
import static org.assertj.core.api.Assertions.assertThat;

/** Where periods begin and end. */
class CalendarTest {
    private static final String VIENNA = "Europe/Vienna";
    private static final String LORD_HOWE = "Australia/Lord_Howe";

    @Test
    void daysAreThoseOfTheZone() {
        // Half an hour before and after midnight in Vienna; one day in UTC.
        String[] times = {"2024-06-01T20:00", "2024-06-01T21:30", "2024-06-01T22:30"};

        assertThat(kept(plan(VIENNA, keeping("daily: 2"), times))).containsExactly(times[1], times[2]);
        assertThat(kept(plan("UTC", keeping("daily: 1"), times))).containsExactly(times[2]);
    }

    @Test
    void hoursAreThoseOfTheZone() {
        // Nepal is 5:45 ahead: its hours begin at a quarter past.
        String[] times = {"2024-06-01T10:00", "2024-06-01T10:10", "2024-06-01T10:20"};

        assertThat(kept(plan("Asia/Kathmandu", keeping("hourly: 2"), times))).containsExactly(times[1], times[2]);
        assertThat(kept(plan("UTC", keeping("hourly: 2"), times))).containsExactly(times[0], times[2]);
    }

    @Test
    void theHourThatIsThereTwiceIsTwoHours() {
        String[] times = {
            "2024-10-27T01:30+02:00", "2024-10-27T02:30+02:00", "2024-10-27T02:30+01:00", "2024-10-27T03:30+01:00"
        };

        assertThat(rules(plan(VIENNA, keeping("hourly: 3"), times)))
                .containsEntry(times[3], List.of("hourly 1/3"))
                .containsEntry(times[2], List.of("hourly 2/3"))
                .containsEntry(times[1], List.of("hourly 3/3"))
                .doesNotContainKey(times[0]);
    }

    @Test
    void theHalfHourThatIsThereTwiceIsKeptTwice() {
        String[] times = {"2024-04-07T01:40+11:00", "2024-04-07T01:40+10:30", "2024-04-07T02:10+10:30"};
        String counted = "keep: {hourly: 3}, gaps: 'count'";

        assertThat(kept(plan(LORD_HOWE, keeping("hourly: 3"), times))).containsExactly(times);
        assertThat(rules(plan(LORD_HOWE, policy(counted), times)))
                .containsEntry(times[1], List.of("hourly 2/3"))
                .containsEntry(times[0], List.of("hourly 3/3"));
    }

    @Test
    void theHourThatIsSkippedDoesNotCountAsAGap() {
        String[] times = {"2024-03-31T01:30+01:00", "2024-03-31T03:30+02:00"};

        assertThat(rules(plan(VIENNA, policy("keep: {hourly: 2}, gaps: 'count'"), times)))
                .containsEntry(times[0], List.of("hourly 2/2"));
    }

    @Test
    void daysOf23And25HoursAreOneDayEach() {
        for (String midnight : List.of("2024-03-30T23:00:00Z", "2024-10-26T22:00:00Z")) {
            List<Candidate> hourly = hoursFrom(midnight, midnight.startsWith("2024-03") ? 23 : 25);
            List<Candidate> withNext = hoursFrom(midnight, hourly.size() + 1);

            assertThat(Retention.plan(hourly, keeping("daily: 1"), Given.LATER, ZoneId.of(VIENNA))
                            .keep())
                    .hasSize(1);
            assertThat(rules(Retention.plan(withNext, keeping("daily: 2"), Given.LATER, ZoneId.of(VIENNA))))
                    .hasSize(2);
            assertThat(Retention.plan(hourly, keeping("hourly: -1"), Given.LATER, ZoneId.of(VIENNA))
                            .remove())
                    .isEmpty();
        }
    }

    private static List<Candidate> hoursFrom(String start, int count) {
        Instant first = Instant.parse(start);
        return IntStream.range(0, count)
                .mapToObj(hour -> Given.made(first.plusSeconds(3600L * hour).toString()))
                .toList();
    }

    @Test
    void aDayWithoutMidnightBeginsWhenItsClockDoes() {
        // In Sao Paulo the clock went from 23:59:59 on 3 November 2018 to 1:00 on the 4th.
        String[] times = {"2018-11-03T00:30-03:00", "2018-11-03T23:59-03:00", "2018-11-04T01:00-02:00"};

        assertThat(kept(plan("America/Sao_Paulo", keeping("daily: 2"), times))).containsExactly(times[1], times[2]);
        assertThat(kept(plan("America/Sao_Paulo", keeping("hourly: 2"), times))).containsExactly(times[1], times[2]);
    }

    @Test
    void aSpanThatEndsInAMissingMidnightEndsAtTheNextInstantThereIs() {
        String[] times = {"2018-11-03T23:59-03:00", "2018-11-04T01:00-02:00", "2018-11-05T00:00-02:00"};

        assertThat(rules(plan("America/Sao_Paulo", keeping("within: '1d'"), times)))
                .containsOnlyKeys(times[2]);
    }

    @Test
    void aDayThatNeverWasIsNoneOfThoseThatHaveASnapshot() {
        // Samoa had no 30 December 2011.
        String[] times = {"2011-12-28T12:00-10:00", "2011-12-29T23:59-10:00", "2011-12-31T00:00+14:00"};

        assertThat(kept(plan("Pacific/Apia", keeping("daily: 2"), times))).containsExactly(times[1], times[2]);
    }

    @Test
    void aSpanOfOneDayIsACalendarDayAndOneOf24HoursIsNot() {
        String[] times = {"2024-10-26T12:30+02:00", "2024-10-27T12:00+01:00"};

        assertThat(rules(plan(VIENNA, keeping("within: '1d'"), times))).containsOnlyKeys(times);
        assertThat(rules(plan(VIENNA, keeping("within: '24h'"), times))).containsOnlyKeys(times[1]);
    }

    @Test
    void weeksRunFromMondayToSundayAcrossTheYear() {
        // Monday 30 December 2024 begins week 1 of 2025.
        String[] times = {"2024-12-29T23:59", "2024-12-30T00:00", "2025-01-05T23:59", "2025-01-06T00:00"};

        assertThat(kept(plan(keeping("weekly: 2"), times))).containsExactly(times[2], times[3]);
        assertThat(kept(plan(keeping("weekly: 3"), times))).containsExactly(times[0], times[2], times[3]);
    }

    @Test
    void week53EndsInTheNextYear() {
        String[] times = {"2020-12-28T00:00", "2020-12-31T12:00", "2021-01-03T23:59", "2021-01-04T00:00"};

        assertThat(rules(plan(keeping("weekly: 2"), times))).containsOnlyKeys(times[2], times[3]);
        assertThat(rules(plan(keeping("yearly: 2"), times))).containsOnlyKeys(times[1], times[3]);
    }

    @Test
    void weeksAreRightBefore1970() {
        String[] times = {"1969-12-21T12:00", "1969-12-28T23:59", "1969-12-29T00:00", "1970-01-04T23:59"};

        assertThat(rules(plan(keeping("weekly: 2"), times))).containsOnlyKeys(times[1], times[3]);
    }

    @Test
    void quartersBeginInJanuaryAprilJulyAndOctober() {
        String[] times = {
            "2023-12-31T23:59", "2024-01-01T00:00", "2024-03-31T23:59", "2024-04-01T00:00",
            "2024-06-30T23:59", "2024-07-01T00:00", "2024-09-30T23:59", "2024-10-01T00:00"
        };

        assertThat(kept(plan(keeping("quarterly: 5"), times)))
                .containsExactly(times[0], times[2], times[4], times[6], times[7]);
    }

    @Test
    void theLeapDayIsADayOfItsMonth() {
        String[] times = {"2024-02-28T12:00", "2024-02-29T12:00", "2024-03-01T12:00"};

        assertThat(rules(plan(keeping("monthly: 2"), times))).containsOnlyKeys(times[1], times[2]);
        assertThat(rules(plan(policy("keep: {daily: 2}, gaps: 'count'"), times)))
                .containsOnlyKeys(times[1], times[2]);
    }

    @Test
    void theEndsOfTimeAreInSomePeriod() {
        List<Candidate> ends = List.of(
                Candidate.ofPolicy(Given.NAME, SnapshotLabel.of("first"), Instant.MIN),
                Candidate.ofPolicy(Given.NAME, SnapshotLabel.of("second"), Instant.MAX));
        Policy everything =
                keeping("last: 1, hourly: 1, daily: 1, weekly: 1, monthly: 1, quarterly: 1, yearly: 1, within: '1y'");

        for (String zone : List.of("UTC", VIENNA, LORD_HOWE, "-18:00", "+18:00")) {
            assertThat(Retention.plan(ends, everything, Instant.MAX, ZoneId.of(zone))
                            .remove())
                    .as(zone)
                    .hasSize(1);
        }
    }
}
