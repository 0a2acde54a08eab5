package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
                        "GET /api/v1/stores/default/volumes/app/snapshots?tag=v1&limit=5000",
                        "GET /api/v1/stores/default/volumes/app/snapshots?tag=v1&limit=5000&page=2");
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

    private static final String PLAN = """
            {"action":"volume.remove","store":"fast","volume":"app",
             "effects":["volume 'app' at '/srv/app' is removed for good","its 2 snapshots are removed with it"],
             "removes":[{"label":"monday","kind":"MANUAL","created":"2026-11-02T07:12:09.5Z","tags":["v1"],"message":""},
                        {"label":"broken","kind":"MANUAL","tags":[],"message":""}],
             "obstacles":["snapshot 'monday' is held by 'backup@h'"],"token":"t1"}
            """;

    @Test
    void aPlanSaysWhatGoesWhatIsInTheWayAndHowToCarryItOut() {
        appliance.answers(Reply.json(PLAN));

        Outcome outcome = varve.onTerminal().call("volume", "remove", "fast/app", "--dry-run");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).isEqualTo("""
                        This would happen:
                          volume 'app' at '/srv/app' is removed for good
                          its 2 snapshots are removed with it

                          GOES    KIND    CREATED               TAGS
                          monday  MANUAL  2026-11-02T07:12:09Z  v1
                          broken  MANUAL  -                     -

                        As things are it would be refused:
                          snapshot 'monday' is held by 'backup@h'
                        """);
        assertThat(outcome.err())
                .isEqualTo("\nNothing was done. To do exactly this: varve volume remove fast/app --plan t1\n");
    }

    @Test
    void aPlanInAPipeIsALineForEachFactAndJsonAsItCame() {
        appliance.answers(Reply.json(PLAN), Reply.json(PLAN));

        assertThat(varve.call("volume", "remove", "fast/app", "--dry-run").outLines())
                .containsExactly(
                        "effect\tvolume 'app' at '/srv/app' is removed for good",
                        "effect\tits 2 snapshots are removed with it",
                        "remove\tmonday\t2026-11-02T07:12:09.5Z",
                        "remove\tbroken\t-",
                        "obstacle\tsnapshot 'monday' is held by 'backup@h'",
                        "token\tt1");
        assertThat(varve.call("--json", "volume", "remove", "fast/app", "--dry-run")
                        .out())
                .isEqualTo(PLAN);
    }

    @Test
    void aPlannedRollbackIsCarriedOutAsItWasAskedFor() {
        appliance.answers(Reply.json("{\"effects\":[\"no snapshot is removed\"],\"token\":\"t1\"}"));

        Outcome outcome = varve.onTerminal().call("rollback", "fast/app", "monday", "--dry-run", "--force");

        assertThat(outcome.out()).isEqualTo("This would happen:\n  no snapshot is removed\n");
        assertThat(outcome.err()).endsWith("varve rollback fast/app monday --force --plan t1\n");
    }

    @Test
    void aLongListIsFetchedInPartsAndShownInParts() {
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            first.append(i == 0 ? "" : ",").append("{\"change\":\"ADDED\",\"newSize\":1,\"path\":\"f" + i + "\"}");
        }
        String last = "{\"change\":\"MODIFIED\",\"oldSize\":5,\"newSize\":6,\"path\":\"g\"}";
        appliance.answers(
                Reply.json("{\"items\":[" + first + "],\"next\":\"p2\"}"), Reply.json("{\"items\":[" + last + "]}"));

        List<String> lines = varve.onTerminal().call("diff", "app", "monday").outLines();

        assertThat(lines).hasSize(1503);
        assertThat(lines.getFirst()).isEqualTo("CHANGE  AFTER  PATH");
        assertThat(lines.get(1000)).isEqualTo("ADDED     1 B  f999");
        assertThat(lines.get(1001))
                .as("another heading, as the columns changed")
                .isEqualTo("CHANGE    BEFORE  AFTER  PATH");
        assertThat(lines.get(1002)).isEqualTo("ADDED          -    1 B  f1000");
        assertThat(lines.getLast()).isEqualTo("MODIFIED     5 B    6 B  g");
        assertThat(appliance.requests())
                .containsExactly(
                        "GET /api/v1/stores/default/volumes/app/snapshots/monday/diff?limit=5000",
                        "GET /api/v1/stores/default/volumes/app/snapshots/monday/diff?limit=5000&page=p2");
    }

    @Test
    void theStatusOfAllStoresIsATableThatSaysWhatIsWrong() {
        String status = """
                {"items":[
                  {"store":"default","state":"OPEN","status":{"driver":"btrfs","space":{"total":1073741824,"used":107374182,"available":858993459},"errors":[]}},
                  {"store":"old","state":"CLOSED","reason":"its root is gone"}]}
                """;
        appliance.answers(Reply.json(status), Reply.json(status), Reply.json(status));

        assertThat(varve.onTerminal().call("status").out()).isEqualTo("""
                        STORE    DRIVER  STATE   TOTAL       USED       FREE  USE%  PROBLEM
                        default  btrfs   OPEN    1 GiB  102.4 MiB  819.2 MiB   12%  -
                        old      -       CLOSED      -          -          -     -  its root is gone
                        """);
        assertThat(varve.call("status").outLines())
                .containsExactly(
                        "default\tbtrfs\tOPEN\t1073741824\t107374182\t858993459\t12%\t-",
                        "old\t-\tCLOSED\t-\t-\t-\t-\tits root is gone");
        assertThat(varve.call("--json", "status").out()).isEqualTo(status);
    }

    @Test
    void aNewTokenIsAloneInAPipe() {
        appliance.answers(Reply.json(201, "{\"name\":\"backup\",\"token\":\"s3cret\"}"));

        assertThat(varve.call("token", "add", "backup", "--role", "viewer")).isEqualTo(new Outcome(0, "s3cret\n", ""));
    }

    @Test
    void theUseOfDisksHasItsUnitsInTheTitles() {
        appliance.answers(
                Reply.json(
                        "{\"items\":[{\"device\":\"sda\",\"readsPerSecond\":1.5,\"readBytesPerSecond\":2048},{\"device\":\"sdb\",\"await\":0.25}]}"));

        assertThat(varve.onTerminal().call("iostat").out()).isEqualTo("""
                        DEVICE  READS/S  READ/S  AWAIT MS
                        sda         1.5   2 KiB         -
                        sdb           -       -      0.25
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
