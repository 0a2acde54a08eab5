package io.varve.appliance.blackbox;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A copy that takes as long as it likes delays nothing on another volume. The copying program is stopped in its midst, and
 * goes on when everything else has been done: whatever waited for it would never have ended.
 */
@RequiresBtrfs
class SlowCopyIT {
    @RegisterExtension
    static final Stage stage = new Stage("rsync", 512);

    private static final int FILES = 5000;

    private String slow = "";

    @BeforeEach
    void fill() throws IOException {
        slow = stage.volume("slow" + System.nanoTime());
        Files.writeString(tree().resolve("first"), "first");
        stage.snapshot(slow, "before");
        for (int each = 0; each < FILES; each++) {
            Files.writeString(tree().resolve("file-" + each), "content " + each);
        }
    }

    private Path tree() {
        return stage.root().resolve(slow.substring(slow.lastIndexOf('/') + 1));
    }

    private CompletableFuture<Reply> copying() {
        return CompletableFuture.supplyAsync(() -> stage.api().post(slow + "/snapshots", "{'label':'long'}"));
    }

    @Test
    void aCopyOfMinutesOnOneVolumeDelaysNothingOnAnother() throws IOException {
        CompletableFuture<Reply> copy = copying();
        try (Halted rsync = Halted.of(stage.appliance(), "rsync")) {
            everythingWorksElsewhere();
            whatNeedsNoTreeWorksHere();
            assertThat(copy)
                    .as("the answer to the snapshot that is being copied")
                    .isNotDone();
            assertThat(rsync.isOver()).isFalse();
        }
        copy.join().expect(201);
        Path kept = Roots.trees(stage.root(), "rsync", tree().getFileName().toString())
                .resolve("long");
        assertThat(ContractArchivesIT.differences(tree(), kept)).isEmpty();
    }

    private static void everythingWorksElsewhere() throws IOException {
        String quick = stage.volume("quick");
        Files.writeString(stage.root().resolve("quick/file"), "one");
        String one = stage.snapshot(quick, "one");
        stage.api().put(one + "/tags/t").expect(200);
        stage.api().send("PUT", one + "/metadata/m", new byte[10]).expect(204);
        Files.writeString(stage.root().resolve("quick/file"), "two");
        assertThat(stage.api().get(one + "/diff").expect(200).items("path")).containsExactly("file");
        String undo = stage.api().post(one + "/rollback", "").expect(200).text("undo");
        assertThat(stage.root().resolve("quick/file")).hasContent("one");
        byte[] archive = stage.api().get(one + "/archive").expect(200).bytes();
        stage.api().send("POST", quick + "/archives/copy", archive).expect(201);
        assertThat(stage.api().get(quick + "/snapshots").expect(200).items("label"))
                .containsExactlyInAnyOrder("one", "copy", undo);
        stage.api().get("/api/v1/stores/default/status").expect(200);
        stage.api().get("/q/health/ready").expect(200);
        stage.api().delete(one).expect(204);
        stage.api().delete(quick).expect(204);
    }

    /** The snapshots that are there can be seen, read, tagged and held while the next one is made. */
    private void whatNeedsNoTreeWorksHere() {
        assertThat(stage.api().get(slow + "/snapshots").expect(200).items("label"))
                .containsExactly("before");
        String before = slow + "/snapshots/before";
        assertThat(stage.api().get(before + "/content?path=first").expect(200).text())
                .isEqualTo("first");
        stage.api().put(before + "/tags/t").expect(200);
        stage.api().put(before + "/holds/me", "{'reason':'x'}").expect(200);
        stage.api().get(before + "/archive").expect(200);
        Reply running = stage.api().get("/api/v1/operations").expect(200);
        assertThat(running.items("state")).contains("RUNNING");
    }

    @Test
    void aCopyWhoseProgramHangsCanBeCancelledAndLeavesNothing() {
        CompletableFuture<Reply> copy = copying();
        try (Halted rsync = Halted.of(stage.appliance(), "rsync")) {
            stage.api().delete("/api/v1/operations/" + running()).expect(204);
            copy.join().refused(409, "CANCELLED");
            rsync.awaitEnd();
        }
        assertThat(stage.api().get(slow + "/snapshots").items("label")).containsExactly("before");
        Roots.awaitEmptyTrash(stage.root(), "rsync");
        Path home = Roots.home(stage.root(), "rsync");
        assertThat(Roots.names(home.resolve("journal"))).isEmpty();
        assertThat(Roots.names(home.resolve("driver/staging"))).isEmpty();
        stage.snapshot(slow, "long");
    }

    private static String running() {
        Reply operations = stage.api().get("/api/v1/operations").expect(200);
        return operations.items("id").get(operations.items("state").indexOf("RUNNING"));
    }
}
