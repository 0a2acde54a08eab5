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
              "keep":[{"label":"auto-2","reasons":["hourly 1/24","newest"]}],
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
                        app
                          remove 2
                            auto-1   no rule keeps it
                            auto-10  space: 12 % free < 15 %
                          keep 1
                            auto-2  hourly 1/24, newest
                        """);
        assertThat(outcome.err()).isEqualTo("To remove exactly these 2 snapshots: varve policy run apps --plan t1\n");
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
    void aPreviewOfNothingSaysSo() {
        appliance.answers(
                Reply.json("{\"volumes\":[]}"),
                Reply.json("{\"volumes\":[{\"volume\":\"app\",\"keep\":[],\"remove\":[]}]}"));

        assertThat(varve.onTerminal().call("policy", "preview", "apps").err())
                .isEqualTo("the policy matches no volume\n");
        assertThat(varve.onTerminal().call("policy", "preview", "apps").err()).isEqualTo("nothing would be removed\n");
    }
}
