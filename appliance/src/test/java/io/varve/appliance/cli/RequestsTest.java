package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Every command sends the call of the REST contract it stands for, over a real Unix socket. */
final class RequestsTest {
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

    @ParameterizedTest(name = "varve {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            driver list                          | GET /api/v1/drivers
            store list                           | GET /api/v1/stores
            volume list fast                     | GET /api/v1/stores/fast/volumes
            snapshot list app                    | GET /api/v1/stores/default/volumes/app/snapshots?limit=5000
            snapshot list fast/app               | GET /api/v1/stores/fast/volumes/app/snapshots?limit=5000
            snapshot list app --tag t --kind UNDO| GET /api/v1/stores/default/volumes/app/snapshots?tag=t&kind=UNDO&limit=5000
            diff app monday                      | GET /api/v1/stores/default/volumes/app/snapshots/monday/diff?limit=5000
            diff app monday tuesday              | GET /api/v1/stores/default/volumes/app/snapshots/monday/diff?to=tuesday&limit=5000
            policy list                          | GET /api/v1/policies
            status                               | GET /api/v1/status
            iostat                               | GET /api/v1/iostat
            token list                           | GET /api/v1/tokens
            """)
    void listsAskForTheList(String command, String request) {
        appliance.answers(Reply.json("{\"items\":[],\"next\":null}"));

        Outcome outcome = varve.call(command.split(" "));

        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
        assertThat(appliance.requests()).containsExactly(request);
    }

    @ParameterizedTest(name = "varve {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            store show fast                      | GET /api/v1/stores/fast
            volume show fast/app                 | GET /api/v1/stores/fast/volumes/app
            snapshot show app monday             | GET /api/v1/stores/default/volumes/app/snapshots/monday
            snapshot show app app_monday         | GET /api/v1/stores/default/volumes/app/snapshots/app_monday
            snapshot find app v1                 | GET /api/v1/stores/default/volumes/app/tags/v1
            snapshot tag app monday v1           | PUT /api/v1/stores/default/volumes/app/snapshots/monday/tags/v1
            snapshot untag app v1                | DELETE /api/v1/stores/default/volumes/app/tags/v1
            policy show apps                     | GET /api/v1/policies/apps
            """)
    void singleThingsAreAskedForByName(String command, String request) {
        appliance.answers(Reply.json("{\"label\":\"monday\"}"));

        Outcome outcome = varve.call(command.split(" "));

        assertThat(outcome.status()).isZero();
        assertThat(appliance.requests()).containsExactly(request);
    }

    @ParameterizedTest(name = "varve {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            store remove fast                    | DELETE /api/v1/stores/fast
            volume remove app                    | DELETE /api/v1/stores/default/volumes/app
            volume release app                   | POST /api/v1/stores/default/volumes/app/release
            snapshot remove app monday           | DELETE /api/v1/stores/default/volumes/app/snapshots/monday
            snapshot unhold app monday backup@h  | DELETE /api/v1/stores/default/volumes/app/snapshots/monday/holds/backup%40h
            policy remove apps                   | DELETE /api/v1/policies/apps
            token remove backup                  | DELETE /api/v1/tokens/backup
            """)
    void removalsAreQuietInAPipe(String command, String request) {
        appliance.answers(Reply.empty());

        Outcome outcome = varve.call(command.split(" "));

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(appliance.requests()).containsExactly(request);
    }

    @ParameterizedTest(name = "varve {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            store add fast /mnt                        | /stores {"name":"fast","root":"/mnt"}
            store add fast /mnt --driver btrfs -O a=1 -O b=x=y | /stores {"name":"fast","root":"/mnt","driver":"btrfs","options":{"a":"1","b":"x=y"}}
            volume create fast/app                     | /stores/fast/volumes {"name":"app"}
            volume create app --size 1024              | /stores/default/volumes {"name":"app","size":1024}
            volume create app --size 10GiB             | /stores/default/volumes {"name":"app","size":"10GiB"}
            volume resize app 20GiB                    | /stores/default/volumes/app/resize {"size":"20GiB"}
            snapshot create app                        | /stores/default/volumes/app/snapshots {}
            snapshot create app monday -m why -t a -t b| /stores/default/volumes/app/snapshots {"label":"monday","message":"why","tags":["a","b"]}
            rollback app monday                        | /stores/default/volumes/app/snapshots/monday/rollback {}
            rollback app monday --force --plan xyz     | /stores/default/volumes/app/snapshots/monday/rollback {"force":true,"plan":"xyz"}
            rollback app monday --dry-run              | /stores/default/volumes/app/snapshots/monday/rollback {"dryRun":true}
            policy preview apps                        | /policies/apps/preview {}
            policy preview apps --now 2026-11-01T00:00:00Z | /policies/apps/preview {"now":"2026-11-01T00:00:00Z"}
            policy run apps                            | /policies/apps/run {}
            policy run apps --plan xyz                 | /policies/apps/run {"plan":"xyz"}
            doctor                                     | /doctor {}
            doctor --store fast                        | /doctor {"store":"fast"}
            doctor --plan xyz                          | /doctor {"repair":"xyz"}
            token add backup --role operator           | /tokens {"name":"backup","role":"operator"}
            token add backup --role viewer --for 1d    | /tokens {"name":"backup","role":"viewer","expires":"2026-11-02T12:00:00Z"}
            """)
    void postsCarryTheirArgumentsAsJson(String command, String request) {
        appliance.answers(Reply.json(201, "{}"));

        Outcome outcome = varve.call(command.split(" "));

        assertThat(outcome.status()).isZero();
        assertThat(appliance.requests()).containsExactly("POST /api/v1" + request);
        assertThat(appliance.received().getFirst().header("Content-Type")).isEqualTo("application/json");
    }

    @ParameterizedTest(name = "varve {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            snapshot hold app monday me -r why                                | {"reason":"why"}
            snapshot hold app monday me -r why --for 1h30m                    | {"reason":"why","expires":"2026-11-01T13:30:00Z"}
            snapshot hold app monday me -r why --expires 2026-12-24T18:00:00Z | {"reason":"why","expires":"2026-12-24T18:00:00Z"}
            """)
    void aHoldSaysWhyAndForHowLong(String command, String body) {
        appliance.answers(Reply.json("{}"));

        assertThat(varve.call(command.split(" ")).status()).isZero();
        assertThat(appliance.requests())
                .containsExactly("PUT /api/v1/stores/default/volumes/app/snapshots/monday/holds/me " + body);
    }

    @Test
    void dryRunsOfRemovalsAskAndRemoveNothing() {
        appliance.answers(Reply.json("{\"token\":\"t3\"}"), Reply.json("{\"token\":\"t1\"}"), Reply.empty());

        assertThat(varve.call("volume", "remove", "app", "--dry-run").out()).isEqualTo("token\tt3\n");
        assertThat(varve.call("snapshot", "remove", "app", "monday", "--dry-run")
                        .out())
                .isEqualTo("token\tt1\n");
        assertThat(varve.onTerminal()
                        .call("volume", "remove", "gone", "--dry-run")
                        .err())
                .isEqualTo("nothing to remove\n");

        assertThat(appliance.requests())
                .containsExactly(
                        "DELETE /api/v1/stores/default/volumes/app?dryRun=true",
                        "DELETE /api/v1/stores/default/volumes/app/snapshots/monday?dryRun=true",
                        "DELETE /api/v1/stores/default/volumes/gone?dryRun=true");
    }

    @Test
    void removalsCarryAPlanOut() {
        appliance.answers(Reply.empty(), Reply.empty());

        varve.call("volume", "remove", "app", "--plan", "t3");
        varve.call("snapshot", "remove", "app", "monday", "--plan", "t1");

        assertThat(appliance.requests())
                .containsExactly(
                        "DELETE /api/v1/stores/default/volumes/app?plan=t3",
                        "DELETE /api/v1/stores/default/volumes/app/snapshots/monday?plan=t1");
    }

    @Test
    void namesArePercentEncoded() {
        appliance.answers(Reply.json("{}"), Reply.json("{}"), Reply.json("{}"));

        varve.call("volume", "show", "a b/ü%?#");
        varve.call("snapshot", "show", "app", "a/b&c=d");
        varve.call("snapshot", "show", "app", "..");

        assertThat(appliance.requests())
                .containsExactly(
                        "GET /api/v1/stores/a%20b/volumes/%C3%BC%25%3F%23",
                        "GET /api/v1/stores/default/volumes/app/snapshots/a%2Fb%26c%3Dd",
                        "GET /api/v1/stores/default/volumes/app/snapshots/%2E%2E");
    }

    @Test
    void volumesOfAllStoresAreListedWhenNoneIsNamed() {
        appliance.answers(
                Reply.json("{\"items\":[{\"name\":\"default\"},{\"name\":\"fast\"}],\"next\":null}"),
                Reply.json("{\"items\":[{\"name\":\"a\",\"store\":\"default\"}],\"next\":null}"),
                Reply.json("{\"items\":[{\"name\":\"b\",\"store\":\"fast\"}],\"next\":null}"));

        Outcome outcome = varve.call("volume", "list");

        assertThat(outcome.outLines()).extracting(line -> line.split("\t")[0]).containsExactly("a", "fast/b");
        assertThat(appliance.requests())
                .containsExactly(
                        "GET /api/v1/stores", "GET /api/v1/stores/default/volumes", "GET /api/v1/stores/fast/volumes");
    }

    @Test
    void storeStatusIsThePeoplesFormUnlessJsonIsWanted() {
        appliance.answers(
                Reply.text("Driver:      btrfs\n\tUsed: 1 B\u001b[2J\n"), Reply.json("{\"driver\":\"btrfs\"}"));

        assertThat(varve.call("store", "status").out()).isEqualTo("Driver:      btrfs\n\tUsed: 1 B\\x1b[2J\n");
        assertThat(varve.call("store", "status", "fast", "--json").out()).isEqualTo("{\"driver\":\"btrfs\"}\n");

        assertThat(appliance.requests())
                .containsExactly("GET /api/v1/stores/default/status", "GET /api/v1/stores/fast/status");
        assertThat(appliance.received())
                .extracting(request -> request.header("Accept").split(",")[0])
                .containsExactly("text/plain", "application/json");
    }

    @Test
    void doctorRepairsWhatItJustProposed() {
        appliance.answers(
                Reply.json("{\"findings\":[{\"what\":\"orphan\"}],\"token\":\"t1\"}"), Reply.json("{\"repaired\":1}"));

        Outcome outcome = varve.call("doctor", "--store", "fast", "--repair");

        assertThat(outcome).isEqualTo(new Outcome(0, "repaired: 1\n", ""));
        assertThat(appliance.requests())
                .containsExactly(
                        "POST /api/v1/doctor {\"store\":\"fast\"}",
                        "POST /api/v1/doctor {\"store\":\"fast\",\"repair\":\"t1\"}");
    }

    @Test
    void aTokenGoesAlongOverTcp() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "s3cret\n");
        try (TestAppliance tcp = TestAppliance.onTcp()) {
            tcp.answers(Reply.json("{\"name\":\"fast\"}"));

            Outcome outcome = varve.call(
                    "--url",
                    "http://127.0.0.1:" + tcp.port() + "/varve/",
                    "--token-file",
                    token.toString(),
                    "store",
                    "show",
                    "fast");

            assertThat(outcome.status()).isZero();
            assertThat(tcp.requests()).containsExactly("GET /varve/api/v1/stores/fast");
            assertThat(tcp.received().getFirst().header("Authorization")).isEqualTo("Bearer s3cret");
            assertThat(tcp.received().getFirst().header("Host")).isEqualTo("127.0.0.1:" + tcp.port());
        }
        assertThat(appliance.requests()).isEmpty();
    }

    @Test
    void theSocketOptionGoesBeforeTheEnvironment() throws Exception {
        Path other = directory.resolve("other.sock");
        try (TestAppliance second = TestAppliance.onUnixSocket(other)) {
            second.answers(Reply.json("{}"));

            assertThat(varve.call("store", "show", "fast", "--socket", other.toString())
                            .status())
                    .isZero();
            assertThat(second.requests()).containsExactly("GET /api/v1/stores/fast");
            assertThat(second.received().getFirst().header("Authorization")).isEmpty();
        }
    }

    @Test
    void serveIsHandedToTheAppliance() {
        assertThat(varve.call("serve", "--config", "/etc/varve/varve.yaml").status())
                .isEqualTo(77);
        assertThat(appliance.requests()).isEmpty();
    }
}
