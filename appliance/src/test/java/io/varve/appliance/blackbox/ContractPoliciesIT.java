package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Policies and retention, as the outer contract has them. */
@RequiresBtrfs
class ContractPoliciesIT {
    @RegisterExtension
    static final Stage stage = new Stage(512);

    private static final String POLICIES = "/api/v1/policies";

    private static String policy(String volumes, int last) {
        return "{'match':{'stores':['*'],'volumes':['" + volumes + "']},'keep':{'last':" + last + "}}";
    }

    private static List<String> labels(JsonNode items) {
        List<String> labels = new ArrayList<>();
        items.forEach(item -> labels.add(item.path("label").asText()));
        return labels;
    }

    /** Takes as many snapshots by a policy that lets them all stay. */
    private static void take(String policy, String volume, int times) {
        stage.volume(volume);
        stage.api().put(POLICIES + "/" + policy, policy(volume, 100)).expect(201);
        for (int i = 0; i < times; i++) {
            stage.api().post(POLICIES + "/" + policy + "/run", "").expect(200);
        }
    }

    @Test
    void aPolicyIsSetShownChangedListedAndRemoved() {
        Reply made = stage.api().put(POLICIES + "/crud", policy("crud-*", 3)).expect(201);
        assertThat(made.text("name")).isEqualTo("crud");
        assertThat(made.json().path("keep").path("last").asInt()).isEqualTo(3);
        assertThat(made.json().path("origins").path("keep").asText()).isEqualTo("policy");
        assertThat(made.json().path("origins").path("gaps").asText()).isEqualTo("built-in");
        assertThat(stage.api().get(POLICIES + "/crud").expect(200).json()).isEqualTo(made.json());
        stage.api().put(POLICIES + "/crud", policy("crud-*", 4)).expect(200);
        assertThat(stage.api()
                        .get(POLICIES + "/crud")
                        .json()
                        .path("keep")
                        .path("last")
                        .asInt())
                .isEqualTo(4);
        assertThat(stage.api().get(POLICIES).expect(200).items("name")).contains("crud");
        stage.api().delete(POLICIES + "/crud").expect(204);
        stage.api().get(POLICIES + "/crud").refused(404, "POLICY_NOT_FOUND");
        stage.api().delete(POLICIES + "/crud").expect(204);
    }

    @Test
    void aRunTakesASnapshotAndPrunesWhatThePolicyMadeAlone() {
        String volume = stage.volume("runs");
        stage.snapshot(volume, "by-hand");
        stage.api().put(POLICIES + "/runs", policy("runs", 2)).expect(201);
        for (int i = 0; i < 4; i++) {
            stage.api().post(POLICIES + "/runs/run", "").expect(200);
        }
        Reply all = stage.api().get(volume + "/snapshots");
        assertThat(all.items("kind")).containsExactly("MANUAL", "POLICY", "POLICY");
        assertThat(all.items("policy")).containsExactly("", "runs", "runs");
    }

    @Test
    void aPreviewGivesReasonsAndItsTokenDoesExactlyThat() {
        take("exact", "exact", 5);
        stage.api().put(POLICIES + "/exact", policy("exact", 1)).expect(200);
        String oldest = labels(stage.api()
                        .get("/api/v1/stores/default/volumes/exact/snapshots")
                        .json()
                        .path("items"))
                .getFirst();
        stage.api()
                .put("/api/v1/stores/default/volumes/exact/snapshots/" + oldest + "/tags/keep-me")
                .expect(200);

        JsonNode preview =
                stage.api().post(POLICIES + "/exact/preview", "").expect(200).json();
        JsonNode plan = preview.path("volumes").path(0);
        assertThat(plan.path("keep").findValuesAsText("label")).hasSize(2).contains(oldest);
        assertThat(plan.path("keep").toString()).contains("last 1/1", "tag keep-me");
        assertThat(plan.path("remove")).hasSize(3);
        assertThat(plan.path("remove").path(0).path("reason").asText()).isEqualTo("no rule keeps it");

        String token = preview.path("token").asText();
        stage.api().post(POLICIES + "/exact/run", "{'plan':'" + token + "'}").expect(200);
        assertThat(stage.api()
                        .get("/api/v1/stores/default/volumes/exact/snapshots")
                        .items("label"))
                .containsExactlyInAnyOrderElementsOf(labels(plan.path("keep")));
    }

    @Test
    void aPlanIsStaleOnceTheWorldHasMovedAndNothingIsRemovedThen() {
        take("stale", "stale", 3);
        stage.api().put(POLICIES + "/stale", policy("stale", 1)).expect(200);
        String token =
                stage.api().post(POLICIES + "/stale/preview", "").expect(200).text("token");
        stage.snapshot("/api/v1/stores/default/volumes/stale", "meanwhile");
        stage.api().post(POLICIES + "/stale/run", "{'plan':'" + token + "'}").refused(409, "PLAN_STALE");
        stage.api().post(POLICIES + "/stale/run", "{'plan':'nonsense'}").refused(409, "PLAN_STALE");
        assertThat(stage.api()
                        .get("/api/v1/stores/default/volumes/stale/snapshots")
                        .items("label"))
                .hasSize(4);
    }

    @Test
    void aRunThatWouldRemoveTooMuchIsBrakedUntilAPlanConfirmsIt() {
        take("braked", "braked", 6);
        stage.api().put(POLICIES + "/braked", policy("braked", 1)).expect(200);
        Reply refused = stage.api().post(POLICIES + "/braked/run", "").refused(409, "BRAKE");
        assertThat(refused.text("volume")).isEqualTo("braked");
        assertThat(stage.api()
                        .get("/api/v1/stores/default/volumes/braked/snapshots")
                        .items("label"))
                .hasSize(7);
        JsonNode preview =
                stage.api().post(POLICIES + "/braked/preview", "").expect(200).json();
        assertThat(preview.path("volumes").path(0).path("brake").asText()).isNotBlank();
        stage.api()
                .post(
                        POLICIES + "/braked/run",
                        "{'plan':'" + preview.path("token").asText() + "'}")
                .expect(200);
        assertThat(stage.api()
                        .get("/api/v1/stores/default/volumes/braked/snapshots")
                        .items("label"))
                .hasSize(1);
    }

    @Test
    void heldSnapshotsAndEmptyPoliciesRemoveNothing() {
        take("careful", "careful", 3);
        stage.api()
                .put(POLICIES + "/careful", "{'match':{'stores':['*'],'volumes':['careful']},'keep':{}}")
                .expect(200);
        JsonNode preview =
                stage.api().post(POLICIES + "/careful/preview", "").expect(200).json();
        assertThat(preview.path("volumes").path(0).path("remove")).isEmpty();

        stage.api().put(POLICIES + "/careful", policy("careful", 1)).expect(200);
        String snapshots = "/api/v1/stores/default/volumes/careful/snapshots";
        String oldest = stage.api().get(snapshots).items("label").getFirst();
        stage.api()
                .put(snapshots + "/" + oldest + "/holds/me", "{'reason':'mine'}")
                .expect(200);
        stage.api().post(POLICIES + "/careful/run", "").expect(200);
        assertThat(stage.api().get(snapshots).items("label")).hasSize(2).contains(oldest);
    }

    @Test
    void whatDidNotChangeIsNotTakenAgainWhereThePolicySaysSo() throws IOException {
        String volume = stage.volume("calm");
        String policy = POLICIES + "/calm";
        stage.api()
                .put(policy, "{'match':{'stores':['*'],'volumes':['calm']},'onlyIfChanged':true,'keep':{}}")
                .expect(201);
        Path file = stage.root().resolve("calm/file");
        Files.writeString(file, "then");

        String first = taken(policy);
        assertThat(first).isNotEmpty();
        JsonNode again =
                stage.api().post(policy + "/run", "").expect(200).json().at("/volumes/0");
        assertThat(again.path("unchanged").asText()).isEqualTo(first);
        assertThat(again.path("taken").isMissingNode()).isTrue();

        Files.writeString(file, "ever");
        assertThat(taken(policy)).isNotEmpty().isNotEqualTo(first);
        assertThat(stage.api().get(volume + "/snapshots").items("label")).hasSize(2);
    }

    private static String taken(String policy) {
        return stage.api()
                .post(policy + "/run", "")
                .expect(200)
                .json()
                .at("/volumes/0/taken")
                .asText();
    }

    @Test
    void whatShowsAPolicySetsIt() throws IOException {
        String policy = POLICIES + "/round";
        stage.api()
                .put(policy, "{'match':{'stores':['default'],'volumes':['round']},'keep':{'last':1},'minAge':'1h'}")
                .expect(201);
        Reply shown = stage.api().get(policy).expect(200);

        assertThat(stage.api().put(policy, shown.text()).expect(200).json()).isEqualTo(shown.json());

        Path file = stage.appliance().directory().resolve("round");
        for (List<String> form : List.of(List.of("--json"), List.<String>of())) {
            List<String> show = new ArrayList<>(form);
            show.addAll(List.of("policy", "show", "round"));
            Files.writeString(
                    file,
                    stage.appliance()
                            .varve(show.toArray(String[]::new))
                            .exited(0)
                            .out());
            stage.appliance().varve("policy", "apply", "-f", file.toString()).exited(0);
            assertThat(stage.api().get(policy).expect(200).json()).isEqualTo(shown.json());
        }
        stage.api()
                .put(policy, "{'match':{},'keep':{},'governs':[],'gouverns':[]}")
                .refused(400, "REQUEST_INVALID");
    }

    @Test
    void aScheduleTakesSnapshotsByItself() throws InterruptedException {
        String volume = stage.volume("ticking");
        stage.api()
                .put(
                        POLICIES + "/ticking",
                        "{'match':{'stores':['default'],'volumes':['ticking']},'schedule':{'every':'1s'},"
                                + "'keep':{'last':2}}")
                .expect(201);
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (stage.api().get(volume + "/snapshots").items("label").size() < 2 && System.nanoTime() < deadline) {
            Thread.sleep(200);
        }
        stage.api().delete(POLICIES + "/ticking").expect(204);
        assertThat(stage.api().get(volume + "/snapshots").items("policy")).contains("ticking");
    }

    @Test
    void anEditAndATimeToComeAreShownBeforeAnythingIsDone() {
        take("edited", "edited", 4);
        String policy = POLICIES + "/edited";
        JsonNode volume = stage.api()
                .post(policy + "/preview", "{'policy':" + policy("edited", 1) + "}")
                .expect(200)
                .json();
        assertThat(volume.has("token")).isFalse();
        assertThat(volume.at("/volumes/0/removesToo")).hasSize(3);
        assertThat(volume.at("/volumes/0/keepsToo")).isEmpty();

        String scheduled = policy("edited", 2)
                .replace("'keep'", "'schedule':{'cron':'0 0 0 * * ?'},'brake':{'maxRemovePercent':100},'keep'");
        stage.api()
                .post(policy + "/simulate", "{'until':'2100-01-01T00:00:00Z'}")
                .refused(400, "REQUEST_INVALID");
        JsonNode forecast = stage.api()
                .post(
                        policy + "/simulate",
                        "{'policy':" + scheduled + ",'until':'" + Instant.now().plus(Duration.ofDays(9)) + "'}")
                .expect(200)
                .json();
        assertThat(forecast.at("/volumes/0/runs").asInt()).isEqualTo(9);
        assertThat(forecast.at("/volumes/0/keep")).hasSize(2);
        assertThat(forecast.at("/volumes/0/keep/1/isNew").asBoolean()).isTrue();
        assertThat(forecast.at("/volumes/0/remove")).hasSize(4);
        assertThat(forecast.at("/volumes/0/remove/0/reason").asText()).isEqualTo("no rule keeps it");

        stage.api().post(policy + "/preview", "{'policy':{'kepe':1}}").refused(400, "REQUEST_INVALID");
        assertThat(stage.api()
                        .get("/api/v1/stores/default/volumes/edited/snapshots")
                        .items("label"))
                .hasSize(4);
    }

    @Test
    void volumesThatBelongTogetherAreTakenAsASet() {
        stage.volume("set-db");
        stage.volume("set-files");
        stage.api()
                .put(
                        POLICIES + "/set",
                        "{'match':{'stores':['*'],'volumes':['set-*']},'together':true,'keep':{'last':2}}")
                .expect(201);
        stage.api().post(POLICIES + "/set/run", "").expect(200);

        JsonNode one = group("set-db");
        assertThat(one).isEqualTo(group("set-files"));
        assertThat(one.path("size").asInt()).isEqualTo(2);
        assertThat(one.path("skewMillis").asDouble()).isPositive().isLessThan(30_000);
    }

    private static JsonNode group(String volume) {
        return stage.api()
                .get("/api/v1/stores/default/volumes/" + volume + "/snapshots")
                .expect(200)
                .json()
                .at("/items/0/group");
    }

    @Test
    void silenceMakesTheStoreNotReadyUntilASnapshotComes() throws InterruptedException {
        stage.volume("silent");
        String policy = POLICIES + "/silent";
        stage.api()
                .put(policy, "{'match':{'stores':['*'],'volumes':['silent']},'keep':{},'alarmAfter':'3s'}")
                .expect(201);
        stage.api().post(policy + "/run", "").expect(200);
        assertThat(stage.api().get("/q/health/ready").expect(200).text()).doesNotContain("silent");
        Thread.sleep(3500);

        assertThat(stage.api().get("/q/health/ready").expect(503).text())
                .contains("store:default", "policy 'silent' has no snapshot of volume 'silent' since 20");
        assertThat(stage.api().get(policy).expect(200).json().path("silent")).hasSize(1);
        stage.api().post(policy + "/run", "").expect(200);
        stage.api().get("/q/health/ready").expect(200);
        stage.api().delete(policy).expect(204);
    }

    @Test
    void whatIsWrongWithAPolicyIsSaidAndSetsNothing() {
        String match = "'match':{'stores':['*'],'volumes':['none']}";
        for (String fields : List.of(
                match + ",'kepe':{}",
                match + ",'keep':{'daily':-2}",
                match + ",'schedule':{'cron':'0 0 0 30 2 ?'}",
                match + ",'schedule':{'cron':'0 0 25 * * ?'}",
                match + ",'schedule':{'every':'1h','zone':'Europe/Wien'}",
                match + ",'alarmAfter':'soon'",
                "'match':{'stores':['*'],'volumes':[]}",
                "'keep':{}")) {
            stage.api().put(POLICIES + "/wrong", "{" + fields + "}").refused(400, "REQUEST_INVALID");
        }
        stage.api().get(POLICIES + "/wrong").refused(404, "POLICY_NOT_FOUND");
    }

    @Test
    void twoPoliciesThatClaimTheSameRemoveNothing() {
        take("modest", "claimed", 3);
        stage.api()
                .put(
                        POLICIES + "/greedy",
                        "{'match':{'stores':['*'],'volumes':['claimed']},'keep':{'last':1},'unmatched':'include',"
                                + "'brake':{'maxRemovePercent':100}}")
                .expect(201);
        Reply run = stage.api().post(POLICIES + "/greedy/run", "").expect(200);
        assertThat(run.json().at("/volumes/0/failures/0/code").asText()).isEqualTo("POLICY_CONFLICT");
        assertThat(stage.api()
                        .get("/api/v1/stores/default/volumes/claimed/snapshots")
                        .items("label"))
                .hasSize(4);
        stage.api().delete(POLICIES + "/greedy").expect(204);
    }

    @Test
    void retentionIsComputedOnAGivenListAlone() {
        String request = """
                {"policy": {"keep": {"last": 1, "daily": 2}}, "now": "2026-03-05T12:00:00Z", "zone": "UTC",
                 "snapshots": [
                  {"label": "a", "created": "2026-03-01T10:00:00Z"},
                  {"label": "b", "created": "2026-03-03T09:00:00Z"},
                  {"label": "c", "created": "2026-03-03T10:00:00Z"},
                  {"label": "d", "created": "2026-03-04T10:00:00Z"},
                  {"label": "e", "created": "2026-03-02T10:00:00Z", "tags": ["v1"]},
                  {"label": "f", "created": "2026-02-02T10:00:00Z", "holds": ["me"]}]}
                """;
        JsonNode plan =
                stage.api().post("/api/v1/retention/plan", request).expect(200).json();
        assertThat(labels(plan.path("keep"))).containsExactlyInAnyOrder("c", "d", "e", "f");
        assertThat(labels(plan.path("remove"))).containsExactlyInAnyOrder("a", "b");
        assertThat(plan.path("keep").toString()).contains("last 1/1", "daily 1/2", "daily 2/2", "tag v1", "hold me");
    }
}
