package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Policies go up as JSON whatever they were written in; a preview can be read and carried out. */
final class PolicyTest {
    private static final String PREVIEW = """
            {"volumes":[{"store":"default","volume":"app",
              "keep":[{"label":"auto-2","created":"2026-11-01T11:00:00Z","reasons":["hourly 1/24","newest"]}],
              "remove":[{"label":"auto-1","reason":"no rule keeps it"},{"label":"auto-10","reason":"space: 12 % free < 15 %"}]}],
             "token":"t1"}
            """;

    @TempDir
    Path directory;

    private TestAppliance appliance;
    private Varve varve;

    @BeforeEach
    void start() throws IOException {
        Path socket = directory.resolve("varve.sock");
        appliance = TestAppliance.onUnixSocket(socket);
        varve = Varve.at(socket);
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
    }

    @Test
    void everyPolicyOfAYamlFileIsApplied() throws IOException {
        Path file = Files.writeString(directory.resolve("p.yaml"), """
                name: apps
                schedule: {every: 1h}
                keep:
                  last: 3
                  within: 24h
                ---
                name: all of it
                keep: {daily: -1}
                """);
        appliance.answers(Reply.json("{}"), Reply.json("{}"));

        assertThat(varve.onTerminal()
                        .call("policy", "apply", "-f", file.toString())
                        .out())
                .isEqualTo("policy apps is in force\npolicy all of it is in force\n");

        assertThat(appliance.requests())
                .containsExactly(
                        "PUT /api/v1/policies/apps"
                                + " {\"name\":\"apps\",\"schedule\":{\"every\":\"1h\"},\"keep\":{\"last\":3,\"within\":\"24h\"}}",
                        "PUT /api/v1/policies/all%20of%20it {\"name\":\"all of it\",\"keep\":{\"daily\":-1}}");
    }

    @Test
    void jsonComesFromAFileOrFromStandardInput() {
        appliance.answers(Reply.json("{}"));

        assertThat(varve.reading("\t{\t\"name\": \"apps\" }")
                        .call("policy", "apply", "-f", "-")
                        .status())
                .isZero();

        assertThat(appliance.requests()).containsExactly("PUT /api/v1/policies/apps {\"name\":\"apps\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "keep: {last: 3}", "{\"name\":", "name: a\n---\nkeep: x", "- 1", "a: [", "\"text\""})
    void aFileThatIsNoPolicyChangesNothing(String text) {
        Outcome outcome = varve.reading(text).call("policy", "apply", "-f", "-");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("varve: ").contains("[LOCAL]");
        assertThat(appliance.requests()).isEmpty();
    }

    @Test
    void aListShowsWhenAndWhatIsKept() {
        appliance.answers(Reply.json("""
                {"items":[{"name":"apps","match":{"stores":["*"],"volumes":["app-*","db"]},
                  "schedule":{"cron":"0 0 * * * ?","zone":"Europe/Vienna"},
                  "keep":{"last":3,"within":"24h","quarterly":0,"tags":["release-*"]}}]}
                """));

        assertThat(varve.onTerminal().call("policy", "list").out()).isEqualTo("""
                        NAME  SCHEDULE                   STORES  VOLUMES    KEEP
                        apps  0 0 * * * ? Europe/Vienna  *       app-*, db  last 3, within 24h, tags release-*
                        """);
    }

    @Test
    void aPreviewSaysWhatGoesWhatStaysWhyAndHowToRunIt() {
        appliance.answers(Reply.json(PREVIEW));

        Outcome outcome = varve.onTerminal().call("policy", "preview", "apps");

        assertThat(outcome.out()).isEqualTo("""
                        app: 2 would go, 1 would stay
                          ACTION  LABEL    CREATED               WHY
                          remove  auto-1   -                     no rule keeps it
                          remove  auto-10  -                     space: 12 % free < 15 %
                          keep    auto-2   2026-11-01T11:00:00Z  hourly 1/24, newest
                        """);
        assertThat(outcome.err()).isEqualTo("\nTo remove exactly these 2 snapshots: varve policy run apps --plan t1\n");
    }

    @Test
    void aPreviewSaysWhatComesBackWhereTheDriverCanTell() {
        String measured = PREVIEW.replace("\"store\":", "\"freesAtLeast\":1610612736,\"store\":");
        appliance.answers(Reply.json(measured), Reply.json(measured));

        assertThat(varve.onTerminal().call("policy", "preview", "apps").out())
                .startsWith("app: 2 would go (at least 1.5 GiB come back), 1 would stay\n");
        assertThat(varve.call("policy", "preview", "apps").outLines()).contains("frees\tapp\t1610612736");
    }

    @Test
    void aPreviewSaysWhereTheBrakeHolds() {
        String braked = PREVIEW.replace("\"store\":", "\"brake\":\"2 of 3 snapshots would go\",\"store\":");
        appliance.answers(Reply.json(braked), Reply.json(braked));

        Outcome outcome = varve.onTerminal().call("policy", "preview", "apps");

        assertThat(outcome.out()).contains("would stay\n  the brake holds: 2 of 3 snapshots would go\n");
        assertThat(outcome.err()).contains("these 2 snapshots in spite of the brake: varve policy run apps --plan t1");
        assertThat(varve.call("policy", "preview", "apps").outLines())
                .contains("brake\tapp\t2 of 3 snapshots would go");
    }

    private static final String REPORT = """
            {"policy":"apps","succeeded":true,"volumes":[
              {"store":"default","volume":"app","taken":"auto-3","removed":[{"label":"auto-1","reason":"no rule keeps it"}],"failures":[]},
              {"store":"fast","volume":"calm","unchanged":"auto-2","removed":[],"failures":[]}]}
            """;

    @Test
    void aRunTellsWhatItDid() {
        appliance.answers(Reply.json(REPORT), Reply.json(REPORT), Reply.json(REPORT));

        assertThat(varve.onTerminal().call("policy", "run", "apps").out()).isEqualTo("""
                        VOLUME     DONE       LABEL   WHY
                        app        taken      auto-3  -
                        app        removed    auto-1  no rule keeps it
                        fast/calm  unchanged  auto-2  it holds all there is
                        """);
        assertThat(varve.call("policy", "run", "apps").outLines())
                .containsExactly(
                        "app\ttaken\tauto-3\t-",
                        "app\tremoved\tauto-1\tno rule keeps it",
                        "fast/calm\tunchanged\tauto-2\tit holds all there is");
        assertThat(varve.call("--json", "policy", "run", "apps").out()).isEqualTo(REPORT);
    }

    @Test
    void aRunThatFailedOnAVolumeFailsAndSaysWhere() {
        appliance.answers(Reply.json("""
                {"policy":"apps","succeeded":false,"volumes":[
                  {"store":"default","volume":"ok","taken":"auto-3","removed":[],"failures":[]},
                  {"store":"fast","volume":"full","removed":[],"failures":[{"step":"take","code":"NO_SPACE","detail":"the disk is full"}]}]}
                """));

        Outcome outcome = varve.call("policy", "run", "apps");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.outLines()).containsExactly("ok\ttaken\tauto-3\t-");
        assertThat(outcome.err()).isEqualTo("""
                        varve: policy apps failed on some volumes:
                          fast/full: take failed: the disk is full [NO_SPACE] [POLICY_FAILED]
                        """);
    }

    @Test
    void whatIsInheritedIsShownAndStaysInheritedWhenApplied() throws IOException {
        appliance.answers(Reply.json("""
                {"name":"apps","label":"a-{utc}","keep":{"daily":7},"gaps":"skip","origins":{"label":"policy","keep":"defaults","gaps":"built-in"}}"""), Reply.json("{}"));

        String shown = varve.call("policy", "show", "apps").out();
        assertThat(shown).isEqualTo("""
                name: apps
                label: "a-{utc}"
                # From the defaults:
                #   keep:
                #     daily: 7
                # From Varve:
                #   gaps: skip
                """);
        assertThat(varve.reading(shown).call("policy", "apply", "-f", "-").status())
                .isZero();

        assertThat(appliance.requests().getLast())
                .isEqualTo("PUT /api/v1/policies/apps {\"name\":\"apps\",\"label\":\"a-{utc}\"}");
    }

    @Test
    void whatShowPrintsCanBeApplied() throws IOException {
        String policy = """
                {"name":"0123","match":{"stores":["*"],"volumes":["- a","#b","yes","~","1e3","2001-01-01","it's"]},"schedule":{"cron":"0 0 * * * ?","zone":"UTC"},"label":"auto-{utc}","onlyIfChanged":false,"keep":{"last":3,"within":"24h"}}""";
        appliance.answers(
                Reply.json(policy.replaceFirst("}$", ",\"readOnly\":true,\"governs\":[\"default/app\"]}")),
                Reply.json("{}"));

        String shown = varve.call("policy", "show", "0123").out();
        assertThat(shown)
                .startsWith(
                        "# From the configuration file; it is changed there.\n# Governs now:\n#   default/app\nname: ")
                .contains("\nonlyIfChanged: false\nkeep:\n  last: 3\n  within: 24h\n")
                .doesNotContain("readOnly");
        assertThat(varve.reading(shown).call("policy", "apply", "-f", "-").status())
                .isZero();

        assertThat(appliance.requests().getLast()).isEqualTo("PUT /api/v1/policies/0123 " + policy);
    }

    @Test
    void aPreviewInAPipeIsOneSnapshotALine() {
        appliance.answers(Reply.json(PREVIEW), Reply.json(PREVIEW));

        assertThat(varve.call("policy", "preview", "apps").outLines())
                .containsExactly(
                        "remove\tapp\tauto-1\tno rule keeps it",
                        "remove\tapp\tauto-10\tspace: 12 % free < 15 %",
                        "keep\tapp\tauto-2\thourly 1/24, newest",
                        "token\tt1");
        assertThat(varve.call("--json", "policy", "preview", "apps").out()).isEqualTo(PREVIEW);
    }

    @Test
    void anEditedPolicyIsShownBesideTodaysAndNotSet() throws IOException {
        Path file = Files.writeString(
                directory.resolve("edited.yaml"), "name: other\n---\nname: apps\nkeep: { last: 1 }\n");
        String compared = PREVIEW.replace("\"token\":\"t1\"", "\"now\":\"x\"")
                .replace("\"store\":", "\"removesToo\":[\"auto-1\"],\"keepsToo\":[],\"store\":");
        appliance.answers(Reply.json(compared));

        Outcome outcome = varve.onTerminal().call("policy", "preview", "apps", "--with", file.toString());

        assertThat(outcome.out()).contains("besides what goes today: auto-1\n", "stays, though it goes today: -\n");
        assertThat(outcome.err()).isEqualTo("\nNothing is set or removed. To set it: varve policy apply -f FILE\n");
        assertThat(appliance.received().getLast().body())
                .contains("\"policy\":{\"name\":\"apps\",\"keep\":{\"last\":1}}");
    }

    @Test
    void aForecastSaysWhatGoesWhenAndWhatIsThereThen() {
        appliance.answers(Reply.json("""
                {"policy":"apps","until":"2026-12-24T18:00:00Z","volumes":[{"store":"default","volume":"app","runs":5,"braked":1,
                  "keep":[{"label":"b","created":"2026-11-01T11:00:00Z","isNew":false,"reasons":["daily 2/7"]},
                          {"label":"c","created":"2026-12-01T11:00:00Z","isNew":true,"reasons":["last 1/1","newest"]}],
                  "remove":[{"label":"a","created":"2026-10-01T11:00:00Z","removed":"2026-12-02T11:00:00Z","reason":"no rule keeps it"}]}]}
                """));

        Outcome outcome = varve.onTerminal().call("policy", "simulate", "apps", "--until", "2026-12-24T18:00:00Z");

        assertThat(outcome.out()).isEqualTo("""
                        app: 2 will be there after 5 runs, of which the brake stops 1
                          WILL  LABEL  CREATED               REMOVED               WHY
                          go    a      2026-10-01T11:00:00Z  2026-12-02T11:00:00Z  no rule keeps it
                          stay  b      2026-11-01T11:00:00Z  -                     daily 2/7
                          come  c      2026-12-01T11:00:00Z  -                     last 1/1, newest
                        """);
        assertThat(appliance.received().getLast().target()).isEqualTo("/api/v1/policies/apps/simulate");
    }

    @Test
    void aPreviewOfNothingSaysSo() {
        appliance.answers(
                Reply.json("{\"volumes\":[]}"),
                Reply.json("{\"volumes\":[{\"volume\":\"app\",\"keep\":[],\"remove\":[]}]}"));

        assertThat(varve.onTerminal().call("policy", "preview", "apps").err())
                .isEqualTo("the policy matches no volume\n");
        assertThat(varve.onTerminal().call("policy", "preview", "apps").err()).isEqualTo("nothing would be removed\n");
    }
}
