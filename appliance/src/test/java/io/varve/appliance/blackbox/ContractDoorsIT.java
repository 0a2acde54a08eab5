package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** The doors: socket, TCP, events, operations, the command line, and how the appliance ends. */
@RequiresBtrfs
class ContractDoorsIT {
    @RegisterExtension
    static final Stage stage = new Stage(512);

    @Test
    void theSocketIsForOwnerAndGroupAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(stage.appliance().socket())))
                .isEqualTo("rw-rw----");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(stage.appliance().state())))
                .isEqualTo("rwx------");
    }

    @Test
    void overTcpTheApiNeedsATokenAndHealthDoesNot() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> api = get(client, stage.appliance(), "/api/v1/stores");
            assertThat(api.statusCode()).isEqualTo(401);
            assertThat(api.headers().firstValue("content-type").orElse("")).startsWith("application/problem+json");
            assertThat(api.body()).contains("\"UNAUTHENTICATED\"");
            assertThat(get(client, stage.appliance(), "/q/health/live").statusCode())
                    .isEqualTo(200);
            assertThat(get(client, stage.appliance(), "/api/v1/nothing/here").statusCode())
                    .isEqualTo(401);
        }
    }

    private static HttpResponse<String> get(HttpClient client, Appliance appliance, String path)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(appliance.url().resolve(path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void authenticationIsLiftedOnLoopbackWhenAskedAndTermEndsInGoodOrder() throws Exception {
        try (Appliance open = new Appliance().with("VARVE_HTTP_AUTH", "off").start();
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(get(client, open, "/api/v1/stores").statusCode()).isEqualTo(200);
            assertThat(open.log()).contains("WITHOUT authentication");
            assertThat(open.terminate()).isZero();
            assertThat(open.socket()).doesNotExist();
            assertThat(open.varve("volume", "list").exited(3).err())
                    .contains(open.socket().toString());
        }
    }

    @Test
    void whatIsConfiguredWronglyIsSaidAtOnceAndNothingStarts() throws IOException {
        try (Appliance wrong = new Appliance()) {
            String yaml = "storse: []\nstores:\n  - { name: x, root: /tmp/x, drivver: btrfs }\n";
            Files.writeString(wrong.directory().resolve("wrong.yaml"), yaml);
            Programs.Outcome outcome = wrong.varve(
                    "serve", "--config", wrong.directory().resolve("wrong.yaml").toString());
            assertThat(outcome.exited(1).err()).contains("storse", "drivver");
            assertThat(wrong.socket()).doesNotExist();
        }
    }

    @Test
    void eventsTellWhatHappensAndWhatHappenedLately() throws IOException, InterruptedException {
        Instant before = Instant.now();
        ProcessBuilder curl = new ProcessBuilder(
                "curl", "-sN", "--unix-socket", stage.appliance().socket().toString(), "http://varve/api/v1/events");
        Process follower = curl.redirectErrorStream(true).start();
        try (var lines = follower.inputReader()) {
            Thread.sleep(500);
            String volume = stage.volume("eventful");
            stage.snapshot(volume, "one");
            String event = firstWith(lines, "snapshot.create");
            assertThat(event).contains("\"store\":\"default\"", "\"volume\":\"eventful\"", "\"outcome\":\"OK\"");
        } finally {
            follower.destroyForcibly();
        }
        Programs.Outcome past = Programs.run(new ProcessBuilder(
                "curl",
                "-sN",
                "--max-time",
                "2",
                "--unix-socket",
                stage.appliance().socket().toString(),
                "http://varve/api/v1/events?since=" + before));
        assertThat(past.out()).contains("eventful", "snapshot.create");
    }

    private static String firstWith(java.io.BufferedReader lines, String wanted) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(wanted)) {
                return line;
            }
        }
        throw new AssertionError("the stream ended without " + wanted);
    }

    @Test
    void operationsTellWhatWasDoneAndHowItEnded() {
        String volume = stage.volume("operated");
        stage.snapshot(volume, "one");
        stage.api().post(volume + "/snapshots", "{'label':'one'}").refused(409, "SNAPSHOT_EXISTS");
        Reply operations = stage.api().get("/api/v1/operations").expect(200);
        assertThat(operations.items("type")).contains("snapshot.create");
        assertThat(operations.items("code")).contains("SNAPSHOT_EXISTS");
        String id = operations.items("id").getFirst();
        Reply one = stage.api().get("/api/v1/operations/" + id).expect(200);
        assertThat(one.text("id")).isEqualTo(id);
        assertThat(Instant.parse(one.text("started"))).isBefore(Instant.now());
        assertThat(one.json().has("state")).isTrue();
        assertThat(one.json().path("progress").has("done")).isTrue();
        stage.api().get("/api/v1/operations/none").refused(404, "NOT_FOUND");
        assertThat(stage.api().get("/api/v1/operations?limit=1").items("id")).hasSize(1);
    }

    @Test
    void theCommandLineDoesWhatTheApiDoesAndExitsAsPromised() throws IOException {
        Appliance appliance = stage.appliance();
        appliance.varve("volume", "create", "notes").succeeded();
        Files.writeString(stage.root().resolve("notes/file"), "first");
        assertThat(appliance
                        .varve("snapshot", "create", "default/notes", "monday", "--tag", "t", "-m", "m")
                        .succeeded()
                        .out())
                .isEqualTo("monday\n");
        Files.writeString(stage.root().resolve("notes/file"), "second");
        String listing = appliance
                .varve("--json", "snapshot", "list", "notes")
                .succeeded()
                .out();
        assertThat(listing).contains("\"monday\"", "notes_monday");
        appliance.varve("rollback", "notes", "monday").succeeded();
        assertThat(stage.root().resolve("notes/file")).hasContent("first");
        assertThat(appliance.varve("snapshot", "find", "notes", "t").succeeded().out())
                .isEqualTo("monday\n");
        assertThat(appliance
                        .varve("snapshot", "show", "notes", "none")
                        .exited(1)
                        .err())
                .contains("SNAPSHOT_NOT_FOUND");
        assertThat(appliance.varve("snapshot", "frobnicate").exited(2).err()).isNotBlank();
    }

    @Test
    void whatIsAnnouncedAndNotThereYetSaysSo() {
        stage.api().post("/api/v1/doctor", "{}").refused(501, "NOT_SUPPORTED");
        for (List<String> words : List.of(List.of("doctor"), List.of("doctor", "--repair"))) {
            assertThat(stage.appliance()
                            .varve(words.toArray(String[]::new))
                            .exited(1)
                            .err())
                    .contains("not in this release", "[NOT_SUPPORTED]");
        }
    }

    @Test
    void unknownPathsMethodsAndTypesAreProblemsToo() {
        stage.api().get("/api/v1/nothing").refused(404, "NOT_FOUND");
        assertThat(stage.api()
                        .send("PATCH", "/api/v1/stores", new byte[] {'{', '}'})
                        .expect(405)
                        .code())
                .isEqualTo("REQUEST_INVALID");
        Reply refused =
                stage.api().get("/api/v1/stores/default", "Accept", "image/png").expect(406);
        assertThat(refused.code()).isEqualTo("REQUEST_INVALID");
    }
}
