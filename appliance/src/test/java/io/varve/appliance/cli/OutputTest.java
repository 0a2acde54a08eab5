package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Tables for people, bare columns for a pipe, the appliance's own JSON for programs. */
final class OutputTest {
    private static final String SNAPSHOTS = """
            {"items": [
              {"label":"monday","kind":"MANUAL","created":"2026-11-02T07:12:09.123456789Z","size":11274289152,
               "message":"before\\tthe \\u001b[31mupgrade","tags":["v1","v2"],"holds":[{"owner":"backup@h","reason":"r"}],"valid":true},
              {"label":"ümläut","kind":"UNDO","created":"2026-11-03T07:12:09Z","size":1000,"message":"","tags":[],"holds":[],"valid":true}
            ], "next": null}
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
    void stop() throws Exception {
        appliance.close();
    }

    @Test
    void aTerminalGetsAnAlignedTableWithoutTheColumnsNobodyFilled() {
        appliance.answers(Reply.json(SNAPSHOTS));

        assertThat(varve.onTerminal().call("snapshot", "list", "app").out()).isEqualTo("""
                        LABEL   KIND    CREATED                   SIZE  TAGS    HOLDS     MESSAGE
                        monday  MANUAL  2026-11-02T07:12:09Z  10.5 GiB  v1, v2  backup@h  before\\tthe \\x1b[31mupgrade
                        ümläut  UNDO    2026-11-03T07:12:09Z    1000 B  -       -         -
                        """);
    }

    @Test
    void aPipeGetsEveryColumnInItsPlaceWithExactValuesAndNoHeading() {
        appliance.answers(Reply.json(SNAPSHOTS));

        assertThat(varve.call("snapshot", "list", "app").outLines())
                .containsExactly(
                        "monday\tMANUAL\t2026-11-02T07:12:09.123456789Z\t11274289152\t-\tv1, v2\tbackup@h\tbefore\\tthe"
                                + " \\x1b[31mupgrade",
                        "ümläut\tUNDO\t2026-11-03T07:12:09Z\t1000\t-\t-\t-\t-");
    }

    @Test
    void anInvalidSnapshotSaysSo() {
        appliance.answers(Reply.json("{\"items\":[{\"label\":\"old\",\"valid\":false}]}"));

        assertThat(varve.onTerminal().call("snapshot", "list", "app").out())
                .isEqualTo("LABEL  STATE\nold    invalid\n");
    }

    @Test
    void jsonIsOneArrayOverAllPages() {
        appliance.answers(
                Reply.json("{\"items\":[{\"n\":1.50,\"big\":123456789012345678901234567890}],\"next\":\"p 2\"}"),
                Reply.json("{\"items\":[],\"next\":\"p3\"}"),
                Reply.json("{\"items\":[{\"name\":\"ü\"}],\"next\":null}"));

        assertThat(varve.call("--json", "store", "list").out())
                .isEqualTo("[\n  {\"n\":1.50,\"big\":123456789012345678901234567890},\n  {\"name\":\"ü\"}\n]\n");
        assertThat(appliance.requests())
                .containsExactly("GET /api/v1/stores", "GET /api/v1/stores?page=p%202", "GET /api/v1/stores?page=p3");
    }

    @Test
    void pagesKeepTheQueryOfTheList() {
        appliance.answers(
                Reply.json("{\"items\":[{\"label\":\"a\"}],\"next\":\"2\"}"),
                Reply.json("{\"items\":[],\"next\":null}"));

        varve.call("snapshot", "list", "app", "--tag", "v1");

        assertThat(appliance.requests())
                .containsExactly(
                        "GET /api/v1/stores/default/volumes/app/snapshots?tag=v1",
                        "GET /api/v1/stores/default/volumes/app/snapshots?tag=v1&page=2");
    }

    @Test
    void anApplianceThatNamesTheSamePageForeverIsNotFollowedForever() {
        appliance.answers(Reply.json("{\"items\":[],\"next\":\"2\"}"), Reply.json("{\"items\":[],\"next\":\"2\"}"));

        Outcome outcome = varve.call("store", "list");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("names a next page that was there before");
    }

    @Test
    void anEmptyListIsARemarkForPeopleAndNothingInAPipe() {
        appliance.answers(Reply.json("{\"items\":[]}"), Reply.json("{\"items\":[]}"), Reply.json("{\"items\":[]}"));

        assertThat(varve.onTerminal().call("snapshot", "list", "app"))
                .isEqualTo(new Outcome(0, "", "no snapshots of app yet\n"));
        assertThat(varve.call("snapshot", "list", "app")).isEqualTo(new Outcome(0, "", ""));
        assertThat(varve.onTerminal().call("--json", "snapshot", "list", "app")).isEqualTo(new Outcome(0, "[]\n", ""));
    }

    @Test
    void oneObjectIsKeysAndValues() {
        String store = """
                {"name":"fast","root":"/srv/varve","options":{"dm.basesize":"10G"},"tags":["a","b"],"size":1536,
                 "created":"2026-11-02T07:12:09.5Z","reason":null,
                 "usage":[{"label":"data","value":5},{"label":"metadata","value":77}]}
                """;
        appliance.answers(Reply.json(store), Reply.json(store));

        assertThat(varve.onTerminal().call("store", "show", "fast").out()).isEqualTo("""
                        name:     fast
                        root:     /srv/varve
                        options:
                          dm.basesize:  10G
                        tags:     a, b
                        size:     1.5 KiB (1536 bytes)
                        created:  2026-11-02T07:12:09Z
                        reason:   -
                        usage:
                          LABEL     VALUE
                          data          5
                          metadata     77
                        """);
        assertThat(varve.call("store", "show", "fast").outLines())
                .contains("name: fast", "size: 1536", "created: 2026-11-02T07:12:09.5Z", "  data\t5");
    }

    @Test
    void jsonOfOneObjectIsByteForByteTheAppliances() {
        appliance.answers(Reply.json("{ \"name\" : \"ü\",\n  \"size\":1.0 }"));

        assertThat(varve.onTerminal().call("--json", "store", "show", "fast"))
                .isEqualTo(new Outcome(0, "{ \"name\" : \"ü\",\n  \"size\":1.0 }\n", ""));
    }

    @Test
    void whatWasDoneIsASentenceForPeopleAndOneWordForScripts() {
        String snapshot = "{\"label\":\"20261101_120000.000\",\"name\":\"app_20261101_120000.000\"}";
        appliance.answers(Reply.json(201, snapshot), Reply.json(201, snapshot), Reply.json(201, snapshot));

        assertThat(varve.onTerminal().call("snapshot", "create", "app").out())
                .isEqualTo("snapshot 20261101_120000.000 of app is taken\n");
        assertThat(varve.call("snapshot", "create", "app").out()).isEqualTo("20261101_120000.000\n");
        assertThat(varve.call("--json", "snapshot", "create", "app").out()).isEqualTo(snapshot + "\n");
    }

    @Test
    void aRollbackNamesItsUndoPoint() {
        String done = "{\"snapshot\":{\"label\":\"monday\"},\"undo\":\"undo-1\"}";
        appliance.answers(Reply.json(done), Reply.json(done));

        assertThat(varve.onTerminal().call("rollback", "app", "monday").out())
                .isEqualTo("app is back at monday; the state before is kept as snapshot undo-1\n");
        assertThat(varve.call("rollback", "app", "monday").out()).isEqualTo("undo-1\n");
    }

    @Test
    void aPlannedRollbackSaysHowToCarryItOut() {
        appliance.answers(Reply.json("{\"token\":\"t1\",\"undo\":\"undo-1\"}"));

        Outcome outcome = varve.onTerminal().call("rollback", "fast/app", "monday", "--dry-run");

        assertThat(outcome.out()).isEqualTo("token:  t1\nundo:   undo-1\n");
        assertThat(outcome.err()).isEqualTo("To do exactly this: varve rollback fast/app monday --plan t1\n");
    }

    @Test
    void aNewTokenIsAloneInAPipe() {
        appliance.answers(Reply.json(201, "{\"name\":\"backup\",\"token\":\"s3cret\"}"));

        assertThat(varve.call("token", "add", "backup", "--role", "viewer")).isEqualTo(new Outcome(0, "s3cret\n", ""));
    }

    @Test
    void figuresNobodyDescribedGetAColumnEach() {
        appliance.answers(Reply.json(
                "{\"items\":[{\"device\":\"sda\",\"readsPerSecond\":1.5},{\"device\":\"sdb\",\"await\":0.25}]}"));

        assertThat(varve.onTerminal().call("iostat").out()).isEqualTo("""
                        DEVICE  READSPERSECOND  AWAIT
                        sda                1.5      -
                        sdb                  -   0.25
                        """);
    }

    @Test
    void aFullOrClosedOutputIsAFailure() {
        appliance.answers(Reply.json("{\"name\":\"fast\"}"));
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        java.io.PrintStream full = new java.io.PrintStream(new java.io.OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });

        int status = varve.call(full, new java.io.PrintStream(err), "store", "show", "fast");

        assertThat(status).isEqualTo(1);
        assertThat(err).asString().isEqualTo("varve: cannot write to standard output\n");
    }
}
