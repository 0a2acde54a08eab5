package io.varve.appliance.blackbox;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Who may do what over TCP; the Unix socket is the administrator's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AccessIT {
    private static final List<String> STORES = List.of("own", "foreign");

    private final Appliance appliance = new Appliance();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path root = Files.createTempDirectory("varve-access-");
    private final List<String> secrets = new ArrayList<>();

    AccessIT() throws IOException {}

    @BeforeAll
    void start() throws IOException {
        appliance.start();
        for (String store : STORES) {
            appliance
                    .api()
                    .post(
                            "/api/v1/stores",
                            "{'name':'" + store + "','driver':'rsync','root':'" + root.resolve(store) + "'}")
                    .expect(201);
            appliance
                    .api()
                    .post("/api/v1/stores/" + store + "/volumes", "{'name':'v'}")
                    .expect(201);
            appliance
                    .api()
                    .post("/api/v1/stores/" + store + "/volumes/v/snapshots", "{'label':'s'}")
                    .expect(201);
        }
        for (String role : List.of("viewer", "operator", "admin")) {
            issue(role, "{'name':'" + role + "','role':'" + role + "'}");
            issue(role + "-own", "{'name':'" + role + "-own','role':'" + role + "','stores':['own']}");
        }
    }

    private String issue(String name, String body) throws IOException {
        String token = appliance.api().post("/api/v1/tokens", body).expect(201).text("token");
        Files.writeString(root.resolve(name + ".token"), token + "\n");
        secrets.add(token.substring("varve_0123456789abcdef_".length()));
        return token;
    }

    @AfterAll
    void end() {
        http.close();
        appliance.close();
        Roots.remove(root);
    }

    private HttpResponse<String> call(String token, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(appliance.url().resolve("/api/v1" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(Api.json(body)))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private String token(String name) throws IOException {
        return Files.readString(root.resolve(name + ".token")).strip();
    }

    /** Nothing here gets further than a refusal for its content, so each role may be tried on it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /drivers                                     |               | viewer   | any
            GET    | /stores                                      |               | viewer   | no
            GET    | /status                                      |               | viewer   | no
            GET    | /operations                                  |               | viewer   | no
            GET    | /policies                                    |               | viewer   | no
            GET    | /tokens                                      |               | admin    | no
            POST   | /tokens                                      | {'name':'x'}  | admin    | no
            DELETE | /tokens/none                                 |               | admin    | no
            POST   | /stores                                      | {'name':'x'}  | admin    | no
            PUT    | /policies/p                                  | {'bad':1}     | admin    | no
            POST   | /policies/none/run                           |               | operator | no
            POST   | /policies/none/preview                       |               | viewer   | no
            POST   | /retention/plan                              | {'bad':1}     | viewer   | any
            GET    | /stores/{s}                                  |               | viewer   | own
            DELETE | /stores/{s}?bad=1                            |               | admin    | own
            GET    | /stores/{s}/status                           |               | viewer   | own
            GET    | /stores/{s}/volumes                          |               | viewer   | own
            POST   | /stores/{s}/volumes                          | {'bad':1}     | operator | own
            DELETE | /stores/{s}/volumes/none                     |               | operator | own
            GET    | /stores/{s}/volumes/v/snapshots              |               | viewer   | own
            POST   | /stores/{s}/volumes/v/snapshots              | {'bad':1}     | operator | own
            DELETE | /stores/{s}/volumes/v/snapshots/none         |               | operator | own
            POST   | /stores/{s}/volumes/v/snapshots/none/rollback|               | operator | own
            PUT    | /stores/{s}/volumes/v/snapshots/none/tags/t  |               | operator | own
            PUT    | /stores/{s}/volumes/v/snapshots/none/holds/o | {'bad':1}     | operator | own
            GET    | /stores/{s}/volumes/v/snapshots/s/files      |               | operator | own
            GET    | /stores/{s}/volumes/v/snapshots/s/archive    |               | operator | own
            """)
    void everyCallIsForItsRoleAndForTheStoresOfTheToken(
            String method, String path, String body, String needed, String scope) throws Exception {
        List<String> roles = List.of("viewer", "operator", "admin");
        for (String role : roles) {
            boolean mayRole = roles.indexOf(role) >= roles.indexOf(needed);
            for (String store : STORES) {
                String where = path.replace("{s}", store);
                String content = body == null ? "" : body;
                assertPermitted(mayRole, call(token(role), method, where, content), role + " " + method + " " + where);
                boolean inScope = scope.equals("any") || (scope.equals("own") && store.equals("own"));
                assertPermitted(
                        mayRole && inScope,
                        call(token(role + "-own"), method, where, content),
                        role + " of own, " + method + " " + where);
            }
        }
    }

    private static void assertPermitted(boolean permitted, HttpResponse<String> answer, String what) {
        assertThat(answer.statusCode()).as(what).isNotIn(401, 500);
        assertThat(answer.statusCode() == 403).as(what + ": " + answer.body()).isEqualTo(!permitted);
        if (!permitted) {
            assertThat(answer.body()).contains("\"PERMISSION_DENIED\"");
        }
    }

    @Test
    void theCommandLineUsesATokenOverTcp() {
        String url = appliance.url().toString();
        String file = root.resolve("operator.token").toString();

        assertThat(appliance
                        .varve("--url", url, "--token-file", file, "snapshot", "list", "own/v")
                        .exited(0)
                        .out())
                .contains("s");
        assertThat(appliance
                        .varve("--url", url, "--token-file", file, "token", "list")
                        .exited(1)
                        .err())
                .contains("PERMISSION_DENIED", "needs the role admin");
        assertThat(appliance.varve("token", "list").exited(0).out()).contains("operator-own");
    }

    @Test
    void aRemovedAnExpiredAndAWrongTokenLetNobodyInAndALawfulOneStillDoes() throws Exception {
        String brief = issue(
                "brief",
                "{'name':'brief','role':'viewer','expires':'" + Instant.now().plusSeconds(2) + "'}");
        String gone = issue("gone", "{'name':'gone','role':'viewer'}");
        assertThat(call(brief, "GET", "/stores", "").statusCode()).isEqualTo(200);
        appliance.api().delete("/api/v1/tokens/gone").expect(204);
        Thread.sleep(2100);

        for (String token : List.of(brief, gone, "nonsense", "")) {
            HttpResponse<String> answer = call(token, "GET", "/stores", "");
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("\"UNAUTHENTICATED\"");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }
        for (int i = 0; i < 30; i++) {
            call("varve_0123456789abcdef_" + "x".repeat(43), "GET", "/stores", "");
        }
        assertThat(call("nonsense", "GET", "/stores", "").statusCode()).isEqualTo(429);
        assertThat(call(token("viewer"), "GET", "/stores", "").statusCode()).isEqualTo(200);
    }

    @Test
    void whoChangedWhatAndWhoWasNotLetIsWrittenDown() throws Exception {
        call(token("operator"), "POST", "/stores/own/volumes", "{'name':'audited'}");
        call(token("viewer"), "DELETE", "/stores/own/volumes/audited", "");
        HttpRequest nobody = HttpRequest.newBuilder(appliance.url().resolve("/api/v1/stores"))
                .build();
        http.send(nobody, BodyHandlers.ofString());
        call(token("viewer"), "GET", "/stores", "");
        appliance.api().delete("/api/v1/stores/own/volumes/audited").expect(204);

        List<String> entries = new ArrayList<>();
        appliance
                .api()
                .get("/api/v1/audit?limit=4")
                .expect(200)
                .json()
                .path("items")
                .forEach(entry -> entries.add(String.join(
                        " ",
                        entry.path("who").asText(),
                        entry.path("door").asText(),
                        entry.path("action").asText(),
                        entry.path("outcome").asText())));
        assertThat(entries)
                .containsExactly(
                        "uid 0 socket DELETE /api/v1/stores/own/volumes/audited OK",
                        "somebody at 127.0.0.1 tcp GET /api/v1/stores UNAUTHENTICATED",
                        "viewer tcp DELETE /api/v1/stores/own/volumes/audited PERMISSION_DENIED",
                        "operator tcp POST /api/v1/stores/own/volumes OK");
        assertThat(call(token("operator"), "GET", "/audit", "").statusCode()).isEqualTo(403);
    }

    @Test
    void aTokenIsShownOnceAndWrittenNowhere() throws Exception {
        assertThat(appliance.api().get("/api/v1/tokens").expect(200).toString())
                .contains("operator-own")
                .doesNotContain(secrets);
        assertThat(appliance.api().get("/api/v1/tokens").expect(200).items("token"))
                .allMatch(String::isEmpty);
        call(token("admin"), "GET", "/stores/none", "");
        try (Stream<Path> files = Files.walk(appliance.directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(secrets).as("secrets in %s", file).noneMatch(content::contains);
            }
        }
    }
}
