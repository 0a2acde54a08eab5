package io.varve.appliance.blackbox;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A tree of 50,000 files goes through everything and is the same, by tools that are not ours. {@code -Dvarve.tree.files=N} */
@RequiresBtrfs
class RealTreeIT {
    @RegisterExtension
    static final Stage stage = new Stage(4096);

    private static final int FILES = Integer.getInteger("varve.tree.files", 50_000);
    private static final int BLOCK = 512;

    private Instant since = Instant.now();

    private void lap(String driver, String what) {
        long millis = Duration.between(since, Instant.now()).toMillis();
        System.out.println("RealTreeIT, " + driver + ": " + what + " took " + millis + " ms");
        since = Instant.now();
    }

    private static Path root(String driver) {
        return stage.image().path().resolve(driver);
    }

    private static Path tree(String driver, String volume, String label) {
        return Roots.trees(root(driver), driver, volume).resolve(label);
    }

    private static String volume(String driver, String name) {
        return "/api/v1/stores/" + driver + "/volumes/" + name;
    }

    private static String rollBack(String volume, String label) {
        Reply done = stage.api().post(volume + "/snapshots/" + Api.segment(label) + "/rollback", "");
        return done.expect(200).text("undo");
    }

    @BeforeAll
    static void openStores() {
        for (String driver : List.of("btrfs", "rsync")) {
            String definition = "{'name':'" + driver + "','driver':'" + driver + "','root':'" + root(driver) + "'}";
            stage.api().post("/api/v1/stores", definition).expect(201);
        }
    }

    /** What leaves one driver arrives at the other. */
    @ParameterizedTest
    @CsvSource({"btrfs, rsync", "rsync, btrfs"})
    void aRealTreeIsTheSameAfterRollbackUndoExportAndImport(String driver, String other) throws IOException {
        stage.api()
                .post("/api/v1/stores/" + driver + "/volumes", "{'name':'real'}")
                .expect(201);
        Path head = root(driver).resolve("real");
        RealTree tree = new RealTree(head);
        tree.fill(FILES);
        String first = RealTree.fingerprint(head);
        lap(driver, "filling");
        stage.snapshot(volume(driver, "real"), "one");
        lap(driver, "snapshot");
        tree.change(FILES);
        String second = RealTree.fingerprint(head);
        assertThat(second).isNotEqualTo(first);
        assertThat(RealTree.fingerprint(tree(driver, "real", "one"))).isEqualTo(first);

        lap(driver, "changing");
        String undo = rollBack(volume(driver, "real"), "one");
        lap(driver, "rollback");
        assertThat(RealTree.fingerprint(head)).isEqualTo(first);
        assertThat(RealTree.fingerprint(tree(driver, "real", undo))).isEqualTo(second);
        rollBack(volume(driver, "real"), undo);
        assertThat(RealTree.fingerprint(head)).isEqualTo(second);
        lap(driver, "undo and comparing");
        throughAnArchive(driver, other, first);
    }

    private void throughAnArchive(String driver, String other, String first) throws IOException {
        Path archive = stage.image().path().resolve(driver + ".tar");
        Appliance appliance = stage.appliance();
        appliance
                .varve("export", driver + "/real", "one", "-o", archive.toString())
                .succeeded();
        lap(driver, "export of " + (Files.size(archive) >> 20) + " MiB");
        Path unpacked = Files.createDirectory(stage.image().path().resolve("unpacked-" + driver));
        Programs.bash(unpacked, "tar --xattrs --xattrs-include='*' --acls --numeric-owner -xpf " + archive);
        assertThat(RealTree.fingerprint(unpacked.resolve("real_one-volume"))).isEqualTo(first);
        lap(driver, "unpacking by tar and comparing");

        appliance.varve("import", other + "/copy", "one", archive.toString()).succeeded();
        lap(driver, "import by " + other);
        Path original = tree(driver, "real", "one");
        Path copy = tree(other, "copy", "one");
        assertThat(RealTree.fingerprint(copy)).isEqualTo(first);
        assertThat(ContractArchivesIT.differences(original, copy)).isEmpty();
        assertThat(ContractArchivesIT.differences(copy, original)).isEmpty();
        assertThat(allocated(copy.resolve("sparse"))).isLessThan(1 << 20);
        lap(driver, "comparing");
        rollBack(volume(other, "copy"), "one");
        assertThat(RealTree.fingerprint(root(other).resolve("copy"))).isEqualTo(first);
    }

    private static long allocated(Path file) {
        return BLOCK
                * Long.parseLong(
                        Programs.run("stat", "-c", "%b", file.toString()).strip());
    }
}
