package io.varve.retention;

import io.varve.spi.Consistency;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import static io.varve.retention.Given.codec;
import static io.varve.retention.Given.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class PolicyCodecTest {
    private static final String FULL = """
            { "name": "apps",
              "match":    { "stores": ["*"], "volumes": ["app-*"] },
              "schedule": { "cron": "0 0 * * * ?", "zone": "Europe/Vienna", "jitter": "30s", "missed": "once" },
              "label":    "auto-{utc}",
              "onlyIfChanged": true,
              "keep":     { "last": 3, "within": "24h", "hourly": 24, "daily": 7, "weekly": 4, "monthly": 12, "quarterly": 0, "yearly": -1,
                            "withinHourly": "2d", "withinDaily": "30d", "withinWeekly": "1y", "withinMonthly": "2y", "withinYearly": "10y", "tags": ["release-*"] },
              "representative": "oldest", "gaps": "count", "combine": "all", "reference": "now", "minAge": "1h", "undoFor": "2d",
              "unmatched": "include",
              "space":    { "minFreePercent": 15, "floor": { "last": 3 } },
              "brake":    { "maxRemovePercent": 50 },
              "alarmAfter": "3h",
              "hooks":    { "before": ["/bin/stop", "it"], "after": ["/bin/go"], "deadline": "10s", "onFailure": "continue", "reaches": "filesystem" } }
            """;
    private static final String LEAST = "name: 'apps', match: {stores: ['*'], volumes: ['*']}";

    @Test
    void everyFieldIsRead() {
        Policy policy = codec().read(document(FULL));

        assertThat(policy)
                .isEqualTo(new Policy(
                        "apps",
                        new Match(List.of(new Glob("*")), List.of(new Glob("app-*"))),
                        Optional.of(new Schedule(
                                new Schedule.Cron("0 0 * * * ?"),
                                ZoneId.of("Europe/Vienna"),
                                Span.parse("30s"),
                                Schedule.Missed.ONCE)),
                        new LabelTemplate("auto-{utc}"),
                        true,
                        keepOfFull(),
                        Policy.Representative.OLDEST,
                        Policy.Gaps.COUNT,
                        Policy.Combine.ALL,
                        Policy.Reference.NOW,
                        Span.parse("1h"),
                        Span.parse("2d"),
                        Policy.Unmatched.INCLUDE,
                        Optional.of(new SpaceRule(
                                15, new Keep(OptionalInt.of(3), Map.of(), Optional.empty(), Map.of(), List.of()))),
                        Optional.of(new Brake(50)),
                        Optional.of(Span.parse("3h")),
                        false,
                        Optional.of(new Hooks(
                                List.of("/bin/stop", "it"),
                                List.of("/bin/go"),
                                Span.parse("10s"),
                                Hooks.OnFailure.CONTINUE,
                                Consistency.FILESYSTEM))));
        assertThat(policy.zone()).isEqualTo(ZoneId.of("Europe/Vienna"));
    }

    private static Keep keepOfFull() {
        return new Keep(
                OptionalInt.of(3),
                Map.of(
                        Period.HOURLY,
                        24,
                        Period.DAILY,
                        7,
                        Period.WEEKLY,
                        4,
                        Period.MONTHLY,
                        12,
                        Period.QUARTERLY,
                        0,
                        Period.YEARLY,
                        -1),
                Optional.of(Span.parse("24h")),
                Map.of(
                        Period.HOURLY, Span.parse("2d"),
                        Period.DAILY, Span.parse("30d"),
                        Period.WEEKLY, Span.parse("1y"),
                        Period.MONTHLY, Span.parse("2y"),
                        Period.YEARLY, Span.parse("10y")),
                List.of(new Glob("release-*")));
    }

    @Test
    void whatIsWrittenIsWhatWasRead() {
        assertThat(codec().write(codec().read(document(FULL)))).isEqualTo(document(FULL));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Policy policy = codec().read(document("{" + LEAST + "}"));

        Match all = new Match(List.of(new Glob("*")), List.of(new Glob("*")));
        assertThat(policy).isEqualTo(Policy.of("apps", all, Keep.none()));
        assertThat(policy.zone()).isEqualTo(ZoneOffset.UTC);
        assertThat(policy.undoFor()).hasToString("24h");
        assertThat(codec().read(codec().write(policy))).isEqualTo(policy);
    }

    @Test
    void anIntervalIsASchedule() {
        Policy policy = codec().read(document("{" + LEAST + ", schedule: {every: '15m', missed: 'skip'}}"));

        assertThat(policy.schedule())
                .contains(new Schedule(
                        new Schedule.Every(Span.parse("15m")), ZoneId.of("UTC"), Span.ZERO, Schedule.Missed.SKIP));
        assertThat(codec().read(codec().write(policy))).isEqualTo(policy);
    }

    @Test
    void nullCountsAsLeftOut() {
        Policy policy = codec().read(document(
                "{" + LEAST + ", schedule: null, keep: null, label: null, space: null, minAge: null}"));

        assertThat(policy).isEqualTo(codec().read(document("{" + LEAST + "}")));
    }

    @Test
    void theNameOfTheAddressStandsInAndMayNotDiffer() {
        String match = "match: {stores: ['*'], volumes: ['*']}";

        assertThat(codec().read("apps", document("{" + match + "}")).name()).isEqualTo("apps");
        assertThat(codec().read("apps", document("{" + LEAST + "}")).name()).isEqualTo("apps");
        assertThat(faults("other", "{" + LEAST + "}"))
                .contains("name: is 'apps', but the policy is addressed as 'other'");
    }

    @Test
    void aPolicyThatIsOnlyComputedWithNeedsNeitherNameNorMatch() {
        Policy policy = codec().readRules("preview", document("{keep: {last: 1}}"));

        assertThat(policy.name()).isEqualTo("preview");
        assertThat(policy.match().governs("default", "app")).isFalse();
        assertThat(codec().readRules("preview", document("{" + LEAST + "}")).name())
                .isEqualTo("apps");
    }

    @Test
    void aVolumeIsGovernedWhereStoreAndNameMatch() {
        Match match = codec().read(
                        document("{name: 'x', match: {stores: ['fast', 'ssd-*'], volumes: ['app-*', 'db']}}"))
                .match();

        assertThat(match.governs("fast", "db")).isTrue();
        assertThat(match.governs("ssd-1", "app-7")).isTrue();
        assertThat(match.governs("slow", "db")).isFalse();
        assertThat(match.governs("fast", "db2")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keep: {hourly: -2}                           | keep.hourly: must be a whole number from -1, not '-2'",
                "keep: {last: 1.5}                            | keep.last: must be a whole number from -1, not '1.5'",
                "keep: {last: '3'}                            | keep.last: must be a whole number from -1, not '3'",
                "keep: {last: 99999999999}                    | keep.last: must be a whole number from -1, not '99999999999'",
                "keep: {minutely: 3}                          | keep: unknown field 'minutely', known are ",
                "keep: [1]                                    | keep: must be an object with fields, not a list",
                "keep: {within: 24}                           | keep.within: must be a duration such as \"24h\" or \"1y6M\", not '24'",
                "keep: {withinDaily: '30D'}                   | keep.withinDaily: invalid duration '30D'",
                "keep: {tags: 'release'}                      | keep.tags: must be a list of texts, not 'release'",
                "keep: {tags: ['a', 7]}                       | keep.tags[1]: must be a text, not '7'",
                "keep: {tags: ['']}                           | keep.tags[0]: a name pattern is empty",
                "kep: {last: 1}                               | unknown field 'kep', known are ",
                "schedule: {}                                 | schedule: has neither cron nor every",
                "schedule: {cron: '0 0 * * * ?', every: '1h'} | schedule: has both cron and every",
                "schedule: {cron: 'bad'}                      | schedule.cron: no cron expression",
                "schedule: {every: '0s'}                      | schedule.every: is zero",
                "schedule: {every: '1h', zone: 'Mars/Base'}   | schedule.zone: unknown time zone 'Mars/Base'",
                "schedule: {every: '1h', jitter: 'x'}         | schedule.jitter: invalid duration 'x'",
                "schedule: {every: '1h', missed: 'twice'}     | schedule.missed: must be \"once\" or \"skip\", not 'twice'",
                "schedule: 'daily'                            | schedule: must be an object with fields, not 'daily'",
                "label: 'auto'                                | label: invalid label template 'auto': it has no {utc}",
                "label: '{utc}-{host}'                        | label: invalid label template '{utc}-{host}': only {utc} and {policy}",
                "label: 'a/{utc}'                             | label: invalid label template 'a/{utc}': its labels would be refused",
                "onlyIfChanged: 'yes'                         | onlyIfChanged: must be true or false, not 'yes'",
                "representative: 'Newest'                     | representative: must be \"newest\" or \"oldest\", not 'Newest'",
                "gaps: 1                                      | gaps: must be \"skip\" or \"count\", not '1'",
                "combine: 'none'                              | combine: must be \"any\" or \"all\", not 'none'",
                "reference: 'oldest'                          | reference: must be \"newest\" or \"now\", not 'oldest'",
                "minAge: '-1h'                                | minAge: invalid duration '-1h'",
                "undoFor: true                                | undoFor: must be a duration",
                "unmatched: 'all'                             | unmatched: must be \"ignore\" or \"include\", not 'all'",
                "space: {}                                    | space.minFreePercent: is missing",
                "space: {minFreePercent: 101}                 | space.minFreePercent: must be a whole number from 0 to 100, not '101'",
                "space: {minFreePercent: 5, floor: {last: -3}}| space.floor.last: must be a whole number from -1, not '-3'",
                "brake: {maxRemovePercent: -1}                | brake.maxRemovePercent: must be a whole number from 0 to 100, not '-1'",
                "brake: {percent: 50}                         | brake: unknown field 'percent', known are maxRemovePercent",
            })
    void aFaultIsNamedByItsPlace(String field, String fault) {
        assertThat(faults("apps", "{" + LEAST + ", " + field + "}")).contains(fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: 'apps'",
                "name: 'apps', match: null",
                "name: 'apps', match: {}",
                "name: 'apps', match: {stores: [], volumes: ['*']}",
                "name: 'apps', match: {stores: ['*']}",
                "name: 'apps', match: {stores: ['*'], volumes: '*'}",
            })
    void nothingIsGovernedByAccident(String fields) {
        assertThat(faults("apps", "{" + fields + "}")).contains("match");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "../x", "-x", "a..b", "a b", "a/b", ".hidden", "täglich"})
    void aNameThatIsNoNameIsRefused(String name) {
        assertThat(faults(name, "{match: {stores: ['*'], volumes: ['*']}}")).contains("is no policy name");
    }

    @Test
    void allFaultsAreReportedAtOnce() {
        String message =
                faults("apps", "{match: {stores: []}, keep: {last: -7, daily: 'x'}, gaps: 'both', colour: 'red'}");

        assertThat(message)
                .startsWith("policy 'apps' has 6 faults: ")
                .contains("match.stores", "match.volumes", "keep.last", "keep.daily", "gaps", "colour");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "'text'", "7", "null"})
    void whatIsNoObjectIsNoPolicy(String document) {
        assertThatThrownBy(() -> codec().read(document(document)))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("the policy has ");
    }

    @Test
    void aMessageShowsForeignTextShortAndOnOneLine() {
        String message = faults("apps", "{" + LEAST + ", minAge: '" + "x\\n".repeat(500) + "'}");

        assertThat(message).doesNotContain("\n").hasSizeLessThan(400);
    }

    @Test
    void labelsAreMadeFromTheTemplate() {
        Instant time = Instant.parse("2024-05-06T07:08:09.012345Z");

        assertThat(new LabelTemplate("auto-{utc}").render("apps", time)).hasToString("auto-20240506_070809.012");
        assertThat(LabelTemplate.DEFAULT.render("apps", time)).hasToString("apps-20240506_070809.012");
    }

    private static String faults(String name, String document) {
        StorageException refused =
                catchThrowableOfType(StorageException.class, () -> codec().read(name, document(document)));
        assertThat(refused.code()).isEqualTo(ErrorCode.REQUEST_INVALID);
        return String.valueOf(refused.getMessage());
    }
}
