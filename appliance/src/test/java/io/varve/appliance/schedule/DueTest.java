package io.varve.appliance.schedule;

import io.varve.retention.Schedule;
import io.varve.retention.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class DueTest {
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");

    @ParameterizedTest
    @ValueSource(strings = {"0 0 * * * ?", "0 0 0 29 2 ?", "0 0 0 ? * 2#5", "0 0 0 L * ?", "0 0 0 1 1 ? 2020"})
    void whatComesOrCameIsFine(String cron) {
        assertThat(Due.fault(cron)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 0 30 2 ?", "0 0 0 31 2,4,6 ?", "0 0 0 29 2 ? 2023"})
    void whatNeverComesIsRefused(String cron) {
        assertThat(Due.fault(cron).orElseThrow()).contains("never");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0 0", "0 0 * * * * * *", "99 0 0 * * ?", "0 0 25 * * ?", "nonsense"})
    void whatIsNoCronExpressionIsRefused(String cron) {
        assertThat(Due.fault(cron).orElseThrow()).isNotBlank();
    }

    private static List<String> due(String cron, String after, int count) {
        Schedule schedule = new Schedule(new Schedule.Cron(cron), VIENNA, Span.ZERO, Schedule.Missed.ONCE);
        Instant time = OffsetDateTime.parse(after).toInstant();
        List<String> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            time = Due.next(schedule, time).orElseThrow();
            times.add(time.atZone(VIENNA).toOffsetDateTime().toString());
        }
        return times;
    }

    @Test
    void anHourThatIsThereTwiceIsDueTwiceInAnHourlyScheduleAndOnceInADailyOne() {
        assertThat(due("0 0 * * * ?", "2026-10-25T00:30+02:00", 4))
                .containsExactly(
                        "2026-10-25T01:00+02:00",
                        "2026-10-25T02:00+02:00",
                        "2026-10-25T02:00+01:00",
                        "2026-10-25T03:00+01:00");
        assertThat(due("0 30 2 * * ?", "2026-10-24T12:00+02:00", 2))
                .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
    }

    @Test
    void aTimeThatADayDoesNotHaveIsNotDueThatDay() {
        assertThat(due("0 30 2 * * ?", "2026-03-28T00:00+01:00", 2))
                .containsExactly("2026-03-28T02:30+01:00", "2026-03-30T02:30+02:00");
    }

    @Test
    void anIntervalGoesOnFromTheLastRunWhateverStartsInBetween() {
        Instant last = Instant.parse("2026-03-05T12:00:00Z");
        Span day = Span.parse("1d");

        assertThat(Due.rest(day, Optional.of(last), last.plus(Duration.ofHours(20))))
                .isEqualTo(Duration.ofHours(4));
        assertThat(Due.rest(day, Optional.of(last), last.plus(Duration.ofHours(75))))
                .isEqualTo(Duration.ofHours(21));
        assertThat(Due.rest(day, Optional.empty(), last)).isZero();
        assertThat(Due.rest(day, Optional.of(last), last.minusSeconds(1)))
                .as("the clock was set back")
                .isZero();
    }
}
