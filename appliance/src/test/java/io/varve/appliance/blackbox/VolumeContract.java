package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Volumes, snapshots, tags, metadata, holds and rollback, as the outer contract has them; the same for every driver. */
abstract class VolumeContract {
    abstract Stage stage();

    private static final String VOLUMES = "/api/v1/stores/default/volumes";

    @Test
    void aVolumeIsMadeShownListedAndRemoved() {
        Reply made = stage().api().post(VOLUMES, "{'name':'shop_db'}").expect(201);
        assertThat(made.text("name")).isEqualTo("shop_db");
        assertThat(made.text("tenant")).isEqualTo("shop");
        assertThat(made.text("store")).isEqualTo("default");
        assertThat(made.text("path"))
                .isEqualTo(stage().root().resolve("shop_db").toString());
        assertThat(Instant.parse(made.text("created"))).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(made.json().path("snapshots").asInt(-1)).isZero();
        assertThat(Files.isDirectory(Path.of(made.text("path")))).isTrue();
        assertThat(stage().api().get(VOLUMES + "/shop_db").expect(200).json()).isEqualTo(made.json());
        assertThat(stage().api().get(VOLUMES).items("name")).contains("shop_db");

        stage().api().delete(VOLUMES + "/shop_db").expect(204);
        stage().api().get(VOLUMES + "/shop_db").refused(404, "VOLUME_NOT_FOUND");
        assertThat(Files.exists(Path.of(made.text("path")))).isFalse();
        stage().api().delete(VOLUMES + "/shop_db").expect(204);
    }

    @Test
    void aVolumesRemovalIsShownBeforeItHappens() {
        String volume = stage().volume("doomed");
        stage().snapshot(volume, "one");
        Reply plan = stage().api().delete(volume + "?dryRun=true").expect(200);
        assertThat(plan.json().path("effects").toString()).contains("doomed", "one");
        stage().api().get(volume + "/snapshots/one").expect(200);

        stage().snapshot(volume, "two");
        stage().api().delete(volume + "?plan=" + plan.text("token")).refused(409, "PLAN_STALE");
        String fresh = stage().api().delete(volume + "?dryRun=true").text("token");
        stage().api().delete(volume + "?plan=" + fresh).expect(204);
        stage().api().get(volume).refused(404, "VOLUME_NOT_FOUND");
    }

    @Test
    void whatTheDriverCannotDoIsRefusedAndReleasingIsHarmless() throws IOException {
        String volume = stage().volume("sized");
        String resize = volume + "/resize";
        if (stage().can("RESIZE")) {
            stage().api().post(resize, "{'size':'10 GiB'}").expect(200);
            stage().api().post(resize, "{'size':'1 GiB'}").refused(409, "NO_SHRINK");
        } else {
            stage().api().post(resize, "{'size':'10 GiB'}").refused(501, "NOT_SUPPORTED");
            stage().api().post(VOLUMES, "{'name':'sized2','size':1048576}").refused(501, "NOT_SUPPORTED");
        }
        Files.writeString(stage().root().resolve("sized/file"), "kept");
        stage().api().post(volume + "/release", "").expect(204);
        stage().api().get(volume).expect(200);
        assertThat(stage().root().resolve("sized/file")).hasContent("kept");
    }

    @Test
    void aSnapshotCarriesMessageTagsAndTimeAndIsFoundByShortAndFullLabel() throws IOException {
        String volume = stage().volume("labelled");
        Files.writeString(stage().root().resolve("labelled/file"), "then");
        Reply made = stage().api()
                .post(volume + "/snapshots", "{'label':'first','message':'said','tags':['v1','good']}")
                .expect(201);
        assertThat(made.text("name")).isEqualTo("labelled_first");
        assertThat(made.text("label")).isEqualTo("first");
        assertThat(made.text("tenant")).isEqualTo("labelled");
        assertThat(made.text("volume")).isEqualTo("labelled");
        assertThat(made.text("kind")).isEqualTo("MANUAL");
        assertThat(made.text("message")).isEqualTo("said");
        assertThat(made.json().path("tags").toString()).isEqualTo("[\"v1\",\"good\"]");
        assertThat(made.json().path("holds")).isEmpty();
        assertThat(made.json().path("valid").asBoolean()).isTrue();
        for (String spelling : List.of("first", "labelled_first")) {
            assertThat(stage().api()
                            .get(volume + "/snapshots/" + spelling)
                            .expect(200)
                            .json())
                    .isEqualTo(made.json());
        }
        stage().api().post(volume + "/snapshots", "{'label':'labelled_first'}").refused(409, "SNAPSHOT_EXISTS");

        Files.writeString(stage().root().resolve("labelled/file"), "now");
        assertThat(stage().content(volume + "/snapshots/first", "file")).isEqualTo("then");
        stage().api().delete(volume + "/snapshots/labelled_first").expect(204);
        stage().api().get(volume + "/snapshots/first").refused(404, "SNAPSHOT_NOT_FOUND");
        assertThat(Roots.trees(stage().root(), stage().driver(), "labelled").resolve("first"))
                .doesNotExist();
    }

    @Test
    void aSnapshotWithoutLabelIsNamedByTheTime() {
        String volume = stage().volume("timed");
        Reply made = stage().api().post(volume + "/snapshots", "").expect(201);
        assertThat(made.text("label")).matches("[0-9]{8}_[0-9]{6}\\.[0-9]{3}");
        assertThat(Duration.between(Instant.parse(made.text("created")), Instant.now())
                        .abs())
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void snapshotsAreListedOldestFirstFilteredAndInPages() {
        String volume = stage().volume("paged");
        List<String> labels = List.of("e", "d", "c", "b", "a");
        labels.forEach(label -> stage().snapshot(volume, label));
        stage().api().put(volume + "/snapshots/c/tags/middle").expect(200);
        assertThat(stage().api().get(volume + "/snapshots").items("label")).isEqualTo(labels);
        assertThat(stage().api().get(volume + "/snapshots?tag=middle").items("label"))
                .containsExactly("c");
        assertThat(stage().api().get(volume + "/snapshots?kind=UNDO").items("label"))
                .isEmpty();
        assertThat(stage().api().get(volume + "/snapshots?kind=MANUAL").items("label"))
                .hasSize(5);

        Reply first = stage().api().get(volume + "/snapshots?limit=2").expect(200);
        Reply second = stage().api().get(volume + "/snapshots?limit=2&page=" + first.text("next"));
        Reply third = stage().api().get(volume + "/snapshots?limit=2&page=" + second.text("next"));
        assertThat(first.items("label")).containsExactly("e", "d");
        assertThat(second.items("label")).containsExactly("c", "b");
        assertThat(third.items("label")).containsExactly("a");
        assertThat(third.json().has("next")).isTrue();
        assertThat(third.json().path("next").isNull()).isTrue();
    }

    @Test
    void aTagIsOnOneSnapshotOfAVolumeAtMost() {
        String volume = stage().volume("tagged");
        stage().snapshot(volume, "one");
        stage().snapshot(volume, "two");
        stage().api().put(volume + "/snapshots/one/tags/stable").expect(200);
        assertThat(stage().api().get(volume + "/tags/stable").expect(200).text("label"))
                .isEqualTo("one");
        stage().api().put(volume + "/snapshots/two/tags/stable").refused(409, "TAG_EXISTS");
        stage().api().put(volume + "/snapshots/one/tags/stable").refused(409, "TAG_EXISTS");
        stage().api().put(volume + "/snapshots/two/tags/Stable").expect(200);

        Reply bare = stage().api().delete(volume + "/tags/stable").expect(200);
        assertThat(bare.text("label")).isEqualTo("one");
        assertThat(bare.json().path("tags")).isEmpty();
        stage().api().delete(volume + "/tags/stable").refused(404, "TAG_NOT_FOUND");
        stage().api().get(volume + "/tags/stable").refused(404, "TAG_NOT_FOUND");
        stage().api().put(volume + "/snapshots/two/tags/stable").expect(200);
    }

    @Test
    void metadataKeepsBytesUnderNamesThatNeverLeadAnywhere() throws IOException {
        String volume = stage().volume("described");
        String metadata = stage().snapshot(volume, "one") + "/metadata";
        byte[] bytes = "\0\1\2 caf\u00e9".getBytes(StandardCharsets.UTF_8);
        for (String name : List.of("plain", "services/db.json", "a%20b%25")) {
            stage().api().send("PUT", metadata + "/" + name, bytes).expect(204);
            assertThat(stage().api().get(metadata + "/" + name).expect(200).bytes())
                    .isEqualTo(bytes);
        }
        assertThat(stage().api().get(metadata).items("name")).containsExactly("a b%", "plain", "services/db.json");
        for (String name : List.of("..%2Fescape", "a%2F..%2F..%2Fescape", "a%2F%2Fb", "%2Fetc%2Fpasswd")) {
            stage().api().send("PUT", metadata + "/" + name, bytes).refused(400, "NAME_INVALID");
            stage().api().get(metadata + "/" + name).refused(400, "NAME_INVALID");
        }
        stage().api().get(metadata + "/absent").refused(404, "METADATA_NOT_FOUND");
        try (var files = Files.walk(stage().image().path())) {
            assertThat(files.filter(file -> file.getFileName().toString().contains("escape")))
                    .isEmpty();
        }
    }

    @Test
    void aHoldProtectsASnapshotUntilItIsGivenBackOrExpires() throws InterruptedException {
        String volume = stage().volume("held");
        String snapshot = stage().snapshot(volume, "one");
        Reply held = stage().api()
                .put(snapshot + "/holds/backup@host", "{'reason':'being copied'}")
                .expect(200);
        assertThat(held.json().path("holds").path(0).path("owner").asText()).isEqualTo("backup@host");
        assertThat(held.json().path("holds").path(0).path("reason").asText()).isEqualTo("being copied");
        stage().api().delete(snapshot).refused(409, "HELD");
        stage().api().delete(volume).refused(409, "HELD");
        assertThat(stage().api()
                        .delete(snapshot + "?dryRun=true")
                        .json()
                        .path("obstacles")
                        .toString())
                .contains("backup@host");

        Instant soon = Instant.now().plusMillis(500);
        stage().api()
                .put(snapshot + "/holds/backup@host", "{'reason':'still','expires':'" + soon + "'}")
                .expect(200);
        stage().api().put(snapshot + "/holds/other", "{'reason':'me too'}").expect(200);
        assertThat(stage().api()
                        .delete(snapshot + "/holds/other")
                        .expect(200)
                        .json()
                        .path("holds"))
                .hasSize(1);
        stage().api().delete(snapshot + "/holds/other").refused(404, "NOT_FOUND");
        Thread.sleep(Duration.between(Instant.now(), soon.plusMillis(50)).toMillis());
        stage().api().delete(snapshot).expect(204);
    }

    @Test
    void aRollbackKeepsTheStateBeforeAndCanItselfBeUndone() throws IOException {
        String volume = stage().volume("reversed");
        Path file = stage().root().resolve("reversed/file");
        Files.writeString(file, "old");
        String old = stage().snapshot(volume, "old");
        Files.writeString(file, "new");

        Reply plan = stage().api().post(old + "/rollback", "{'dryRun':true}").expect(200);
        assertThat(plan.json().path("effects").toString()).contains("old", "undo");
        assertThat(file).hasContent("new");
        Reply done = stage().api()
                .post(old + "/rollback", "{'plan':'" + plan.text("token") + "'}")
                .expect(200);
        assertThat(done.text("snapshot")).isEqualTo("old");
        assertThat(file).hasContent("old");

        String undo = volume + "/snapshots/" + Api.segment(done.text("undo"));
        JsonNode point = stage().api().get(undo).expect(200).json();
        assertThat(point.path("kind").asText()).isEqualTo("UNDO");
        assertThat(point.path("parent").asText()).isEqualTo("old");
        stage().api()
                .post(old + "/rollback", "{'plan':'" + plan.text("token") + "'}")
                .refused(409, "PLAN_STALE");
        stage().api().post(undo + "/rollback", "").expect(200);
        assertThat(file).hasContent("new");
        assertThat(stage().api().get(volume + "/snapshots?kind=UNDO").items("label"))
                .hasSize(2);
    }

    @Test
    void aRollbackUnderAWorkingProcessIsRefusedAndNamesItUnlessForced() throws IOException {
        String volume = stage().volume("occupied");
        Path file = stage().root().resolve("occupied/file");
        Files.writeString(file, "old");
        String old = stage().snapshot(volume, "old");
        Files.writeString(file, "new");
        Process user =
                new ProcessBuilder("sleep", "60").redirectInput(file.toFile()).start();
        try {
            Reply refused = stage().api().post(old + "/rollback", "{}").refused(409, "BUSY");
            assertThat(refused.text("detail")).contains(Long.toString(user.pid()), "sleep");
            assertThat(file).hasContent("new");
            assertThat(stage().api().get(volume + "/snapshots").items("label")).containsExactly("old");
            stage().api().post(old + "/rollback", "{'force':true}").expect(200);
            assertThat(file).hasContent("old");
        } finally {
            user.destroyForcibly();
        }
    }

    @Test
    void takingASnapshotDoesNotDisturbOpenFilesAndPutsNothingIntoTheVolume() throws IOException {
        String volume = stage().volume("steady");
        Path file = stage().root().resolve("steady/file");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("before");
            out.flush();
            stage().snapshot(volume, "one");
            out.write(" after");
        }
        assertThat(file).hasContent("before after");
        assertThat(stage().content(volume + "/snapshots/one", "file")).isEqualTo("before");
        assertThat(Roots.names(stage().root().resolve("steady")))
                .contains("file")
                .isSubsetOf("file", "lost+found");
    }
}
