package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** A tree of 50,000 files goes through everything and is the same, by tools that are not ours. {@code -Dvarve.tree.files=N} */
@RequiresBtrfs
class RealTreeIT {
    @RegisterExtension
    static final Stage stage = new Stage(4096);

    private static final int FILES = Integer.getInteger("varve.tree.files", 50_000);
    private static final String VOLUMES = "/api/v1/stores/default/volumes/";

    private Instant since = Instant.now();

    private void lap(String what) {
        System.out.println("RealTreeIT: " + what + " took "
                + Duration.between(since, Instant.now()).toMillis() + " ms");
        since = Instant.now();
    }

    @Test
    void aRealTreeIsTheSameAfterRollbackUndoExportAndImport() throws IOException {
        String volume = stage.volume("real");
        Path head = stage.root().resolve("real");
        RealTree tree = new RealTree(head);
        tree.fill(FILES);
        String first = RealTree.fingerprint(head);
        lap("filling");
        String one = stage.snapshot(volume, "one");
        lap("snapshot");
        tree.change(FILES);
        String second = RealTree.fingerprint(head);
        assertThat(second).isNotEqualTo(first);
        assertThat(RealTree.fingerprint(trees("real").resolve("one"))).isEqualTo(first);

        lap("changing");
        String undo = stage.api().post(one + "/rollback", "").expect(200).text("undo");
        lap("rollback");
        assertThat(RealTree.fingerprint(head)).isEqualTo(first);
        assertThat(RealTree.fingerprint(trees("real").resolve(undo))).isEqualTo(second);
        stage.api()
                .post(volume + "/snapshots/" + Api.segment(undo) + "/rollback", "")
                .expect(200);
        assertThat(RealTree.fingerprint(head)).isEqualTo(second);
        lap("undo and comparing");
        throughAnArchive(first);
    }

    private static Path trees(String volume) {
        return Roots.trees(stage.root(), "btrfs", volume);
    }

    private static long allocated(Path file) {
        return 512
                * Long.parseLong(
                        Programs.run("stat", "-c", "%b", file.toString()).strip());
    }

    private void throughAnArchive(String first) throws IOException {
        Path archive = stage.image().path().resolve("real.tar");
        stage.appliance()
                .varve("export", "real", "one", "-o", archive.toString())
                .succeeded();
        lap("export of " + (Files.size(archive) >> 20) + " MiB");
        Path unpacked = Files.createDirectory(stage.image().path().resolve("unpacked"));
        Programs.bash(unpacked, "tar --xattrs --xattrs-include='*' --acls --numeric-owner -xpf " + archive);
        assertThat(RealTree.fingerprint(unpacked.resolve("real_one-volume"))).isEqualTo(first);
        lap("unpacking by tar and comparing");

        stage.appliance().varve("import", "copy", "one", archive.toString()).succeeded();
        lap("import");
        assertThat(RealTree.fingerprint(trees("copy").resolve("one"))).isEqualTo(first);
        assertThat(ContractArchivesIT.differences(
                        trees("real").resolve("one"), trees("copy").resolve("one")))
                .isEmpty();
        assertThat(ContractArchivesIT.differences(
                        trees("copy").resolve("one"), trees("real").resolve("one")))
                .isEmpty();
        assertThat(allocated(trees("copy").resolve("one/sparse"))).isLessThan(1 << 20);
        lap("comparing");
        stage.api().post(VOLUMES + "copy/snapshots/one/rollback", "").expect(200);
        assertThat(RealTree.fingerprint(stage.root().resolve("copy"))).isEqualTo(first);
    }
}
