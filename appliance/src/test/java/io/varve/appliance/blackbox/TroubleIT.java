package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** The filesystem beneath a store fails: it is told plainly, other stores work on, and it recovers. */
@RequiresBtrfs
class TroubleIT {
    @RegisterExtension
    static final Stage stage = new Stage(512);

    private static final int MEBIBYTES = 128;

    /** The filesystem that people have below a store of this driver. */
    private static LoopImage image(String driver) throws IOException {
        return driver.equals("btrfs") ? LoopImage.btrfs(MEBIBYTES) : LoopImage.ext4(MEBIBYTES);
    }

    private static String open(String name, String driver, LoopImage image) {
        String root = image.path() + "/root";
        stage.api()
                .post("/api/v1/stores", "{'name':'" + name + "','driver':'" + driver + "','root':'" + root + "'}")
                .expect(201);
        return "/api/v1/stores/" + name;
    }

    private static JsonNode health(String store) {
        for (JsonNode check : stage.api().get("/q/health/ready").json().path("checks")) {
            if (check.path("name").asText().equals("store:" + store)) {
                return check;
            }
        }
        throw new AssertionError("no health check of store " + store);
    }

    private static void awaitHealth(String store, String wanted) throws InterruptedException {
        long deadline = System.nanoTime() + 30_000_000_000L;
        JsonNode seen = health(store);
        while (!seen.path("status").asText().equals(wanted) && System.nanoTime() < deadline) {
            Thread.sleep(100);
            seen = health(store);
        }
        assertThat(seen.path("status").asText()).as(seen.toString()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"btrfs", "rsync"})
    void aFilesystemThatTurnsReadOnlyIsReportedAndRecovers(String driver) throws IOException, InterruptedException {
        try (LoopImage image = image(driver)) {
            String store = open("frozen", driver, image);
            stage.api().post(store + "/volumes", "{'name':'v'}").expect(201);
            stage.api()
                    .post(store + "/volumes/v/snapshots", "{'label':'before'}")
                    .expect(201);
            image.freeze();
            awaitHealth("frozen", "DOWN");
            assertThat(health("frozen").path("data").path("reason").asText()).contains("read-only");
            assertThat(stage.api().get(store).text("state")).isEqualTo("DEGRADED");
            stage.api()
                    .post(store + "/volumes/v/snapshots", "{'label':'during'}")
                    .refused(500, "IO_FAILED");
            stage.api().post(store + "/volumes", "{'name':'w'}").refused(500, "IO_FAILED");
            stage.api().put(store + "/volumes/v/snapshots/before/tags/t").refused(500, "IO_FAILED");
            assertThat(stage.api()
                            .get(store + "/volumes/v/snapshots")
                            .expect(200)
                            .items("label"))
                    .containsExactly("before");
            assertThat(health("default").path("status").asText()).isEqualTo("UP");

            image.thaw();
            awaitHealth("frozen", "UP");
            stage.api().put(store + "/volumes/v/snapshots/before/tags/t").expect(200);
            stage.api()
                    .post(store + "/volumes/v/snapshots", "{'label':'during'}")
                    .expect(201);
            stage.api().post(store + "/volumes", "{'name':'w'}").expect(201);
            assertThat(Roots.unfinished(image.path().resolve("root"), driver)).isEmpty();
            stage.api().delete(store).expect(204);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"btrfs", "rsync"})
    void aRootThatVanishesIsReportedAndComesBackWithEverything(String driver) throws IOException, InterruptedException {
        try (LoopImage image = image(driver)) {
            String store = open("fleeting", driver, image);
            stage.api().post(store + "/volumes", "{'name':'v'}").expect(201);
            stage.api()
                    .post(store + "/volumes/v/snapshots", "{'label':'before'}")
                    .expect(201);
            image.vanish();
            awaitHealth("fleeting", "DOWN");
            assertThat(health("fleeting").path("data").path("reason").asText()).contains("gone");
            assertThat(stage.api()
                            .post(store + "/volumes/v/snapshots", "{'label':'during'}")
                            .status())
                    .isEqualTo(500);
            assertThat(stage.api().post(store + "/volumes", "{'name':'w'}").status())
                    .isEqualTo(500);
            assertThat(Roots.everything(image.path()))
                    .as("what was written beneath the mount point")
                    .containsExactly("");

            image.mount();
            awaitHealth("fleeting", "UP");
            assertThat(stage.api()
                            .get(store + "/volumes/v/snapshots")
                            .expect(200)
                            .items("label"))
                    .containsExactly("before");
            stage.api()
                    .post(store + "/volumes/v/snapshots", "{'label':'after'}")
                    .expect(201);
            stage.api().delete(store).expect(204);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"btrfs", "rsync"})
    void onAFullDiskSnapshotsAndVolumesCanStillBeRemoved(String driver) throws IOException {
        try (LoopImage image = image(driver)) {
            String store = open("full", driver, image);
            String volume = store + "/volumes/v";
            stage.api().post(store + "/volumes", "{'name':'v'}").expect(201);
            fill(image.path().resolve("root/v/filler"));
            Reply taken = stage.api().post(volume + "/snapshots", "{'label':'tight'}");
            if (taken.status() != 201) {
                taken.refused(507, "NO_SPACE");
            }
            byte[] large = new byte[64 << 20];
            Reply described = stage.api().send("PUT", volume + "/snapshots/tight/metadata/large", large);
            assertThat(described.code()).isEqualTo(taken.status() == 201 ? "NO_SPACE" : "SNAPSHOT_NOT_FOUND");
            byte[] archive = TarBytes.archive()
                    .file("v_s-volume/x", "x".repeat(64 << 20))
                    .end();
            stage.api().send("POST", volume + "/archives/incoming", archive).refused(507, "NO_SPACE");
            assertThat(Roots.unfinished(image.path().resolve("root"), driver)).isEmpty();
            if (taken.status() == 201) {
                stage.api().delete(volume + "/snapshots/tight").expect(204);
            }
            stage.api().delete(volume).expect(204);
            assertThat(Roots.unfinished(image.path().resolve("root"), driver)).isEmpty();
            stage.api().delete(store).expect(204);
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[1 << 20];
        new java.util.Random(1).nextBytes(block);
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
