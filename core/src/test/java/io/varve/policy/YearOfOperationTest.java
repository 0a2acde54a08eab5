package io.varve.policy;

import io.varve.spi.ErrorCode;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A year of hourly runs in a zone that changes its clocks, with the appliance down for days now and then. What the policy
 * promises is reckoned from everything that was ever taken, not from what pruning left, so a snapshot that goes too early
 * is missed for as long as it was promised.
 */
class YearOfOperationTest {
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");
    private static final int HOURLY = 24;
    private static final int DAILY = 7;
    private static final int WEEKLY = 4;
    private static final int MONTHLY = 6;
    private static final int YEARLY = 2;

    @TempDir(factory = InMemory.class)
    Path temp;

    private PolicyStage stage;
    private Volume volume;
    private final List<Instant> taken = new ArrayList<>();

    @BeforeEach
    void open() {
        stage = new PolicyStage(temp);
        volume = stage.volume("app");
        stage.put("p", PolicyStage.ALL + """
                ,'schedule':{'every':'1h','zone':'Europe/Vienna'},
                'keep':{'last':3,'hourly':24,'daily':7,'weekly':4,'monthly':6,'yearly':2}""");
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void everyCountIsKeptAtEveryStep() {
        Random random = new Random(20260305);
        Instant end = PolicyStage.START.plus(Duration.ofDays(366));
        Instant now = PolicyStage.START;
        int runs = 0;
        while (now.isBefore(end)) {
            stage.set(now);
            runOnce(now);
            runs++;
            boolean down = random.nextInt(24 * 20) == 0;
            now = now.plus(down ? Duration.ofHours(1 + random.nextInt(24 * 9)) : Duration.ofHours(1));
        }
        assertThat(runs).isBetween(5000, 8784);
        assertThat(promised(time -> time.toLocalDate().getYear(), YEARLY)).hasSize(2);
    }

    private void runOnce(Instant now) {
        assertThat(stage.runner.takeDue("p").succeeded()).isTrue();
        taken.add(now);
        RunReport report = stage.runner.prune("p");
        assertThat(report.volumes().getFirst().failures())
                .allSatisfy(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BRAKE));
        assertThat(report.succeeded()).isTrue();

        Set<Instant> there = volume.snapshots().stream()
                .map(Snapshot::record)
                .map(record -> record.created())
                .collect(Collectors.toSet());
        Set<Instant> promised = promised();
        assertThat(there).as("at %s", now).containsAll(promised);
        // Beyond that, a rule with count left holds on to the oldest.
        assertThat(there.size() - promised.size()).as("at %s", now).isBetween(0, 5);
    }

    private Set<Instant> promised() {
        Set<Instant> promised = new HashSet<>(taken.subList(Math.max(0, taken.size() - 3), taken.size()));
        promised.addAll(promised(time -> time.toInstant().getEpochSecond() / 3600, HOURLY));
        promised.addAll(promised(ZonedDateTime::toLocalDate, DAILY));
        promised.addAll(promised(YearOfOperationTest::week, WEEKLY));
        promised.addAll(promised(time -> LocalDate.of(time.getYear(), time.getMonth(), 1), MONTHLY));
        promised.addAll(promised(ZonedDateTime::getYear, YEARLY));
        return promised;
    }

    private static String week(ZonedDateTime time) {
        return time.get(IsoFields.WEEK_BASED_YEAR) + " " + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }

    /** The last snapshot of each of the last periods that have one, of all that were ever taken. */
    private Set<Instant> promised(Function<ZonedDateTime, Object> period, int count) {
        Map<Object, Instant> last = new LinkedHashMap<>();
        for (Instant time : taken.reversed()) {
            last.putIfAbsent(period.apply(time.atZone(VIENNA)), time);
            if (last.size() > count) {
                break;
            }
        }
        return last.values().stream().limit(count).collect(Collectors.toSet());
    }
}
