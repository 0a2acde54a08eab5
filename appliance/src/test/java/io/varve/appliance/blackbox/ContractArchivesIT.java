package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Archives out and in, as the outer contract has them and as GNU tar, gzip and zstd see them. */
@RequiresBtrfs
class ContractArchivesIT {
    @RegisterExtension
    static final Stage stage = new Stage(512);

    private static final String VOLUMES = "/api/v1/stores/default/volumes/";

    @TempDir
    Path directory;

    @BeforeAll
    static void fill() {
        String volume = stage.volume("source");
        Programs.bash(stage.root().resolve("source"), """
                mkdir -p a/b; echo one > a/one; ln a/one a/b/two; ln -s ../one a/b/link
                truncate -s 1M sparse; printf x >> sparse; chmod 6750 a; touch -d @1.123456789 a/one
                setfattr -n user.colour -v blue a/one; mkfifo pipe; mknod null c 1 3
                """);
        String snapshot = volume + "/snapshots";
        stage.api()
                .post(snapshot, "{'label':'one','message':'said','tags':['v1']}")
                .expect(201);
        stage.api()
                .send("PUT", snapshot + "/one/metadata/services.json", new byte[] {'{', '}'})
                .expect(204);
    }

    private static Reply export(String... headers) {
        return stage.api()
                .get(VOLUMES + "source/snapshots/one/archive", headers)
                .expect(200);
    }

    @Test
    void anArchiveIsATarThatGnuTarReads() throws IOException {
        Reply archive = export();
        assertThat(archive.header("content-type")).startsWith("application/x-tar");
        assertThat(archive.header("content-encoding")).isEmpty();
        Files.write(directory.resolve("it.tar"), archive.bytes());
        Programs.bash(directory, "mkdir out; tar --xattrs --xattrs-include='*' -C out -xpf it.tar");
        Path tree = directory.resolve("out/source_one-volume");
        assertThat(differences(
                        tree, Roots.trees(stage.root(), "btrfs", "source").resolve("one")))
                .isEmpty();
        assertThat(Roots.names(directory.resolve("out"))).contains("source_one-driver", "source_one-metadata");
    }

    /** What rsync would have to change to make one tree the other. */
    static String differences(Path one, Path other) {
        return Programs.run("rsync", "-aHAXn", "--checksum", "--itemize-changes", "--delete", one + "/", other + "/");
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip -dc", "zstd, zstd -dqc"})
    void anArchiveIsCompressedOnRequestAndTakenCompressed(String coding, String tool) throws IOException {
        Reply archive = export("Accept-Encoding", coding);
        assertThat(archive.header("content-encoding")).isEqualTo(coding);
        Files.write(directory.resolve("it"), archive.bytes());
        assertThat(Programs.bash(directory, tool + " it | tar -tf -").lines().toList())
                .contains("source_one-volume/a/b/link");
        Reply made = stage.api()
                .send("POST", VOLUMES + "back-" + coding + "/archives/one", archive.bytes(), "Content-Encoding", coding)
                .expect(201);
        assertThat(made.text("volume")).isEqualTo("back-" + coding);
        Path there = Roots.trees(stage.root(), "btrfs", "back-" + coding).resolve("one");
        assertThat(differences(Roots.trees(stage.root(), "btrfs", "source").resolve("one"), there))
                .isEmpty();
    }

    @Test
    void anImportedSnapshotKeepsMessageTagsTimeAndMetadata() {
        JsonNode original = stage.api().get(VOLUMES + "source/snapshots/one").json();
        Reply made = stage.api()
                .send("POST", VOLUMES + "copy/archives/arrived", export().bytes(), "Content-Type", "application/x-tar")
                .expect(201);
        assertThat(made.text("kind")).isEqualTo("IMPORT");
        assertThat(made.text("name")).isEqualTo("copy_arrived");
        assertThat(made.text("message")).isEqualTo("said");
        assertThat(made.text("created")).isEqualTo(original.path("created").asText());
        assertThat(made.json().path("tags")).isEqualTo(original.path("tags"));
        assertThat(stage.api()
                        .get(VOLUMES + "copy/snapshots/arrived/metadata/services.json")
                        .text())
                .isEqualTo("{}");
        assertThat(Roots.names(stage.root().resolve("copy"))).isEmpty();
        stage.api().post(VOLUMES + "copy/snapshots/arrived/rollback", "").expect(200);
        assertThat(stage.root().resolve("copy/a/one")).hasContent("one\n");
        stage.api()
                .send("POST", VOLUMES + "copy/archives/arrived", export().bytes())
                .refused(409, "SNAPSHOT_EXISTS");
    }

    @Test
    void whatIsExcludedIsNotInTheArchive() throws IOException {
        Reply archive = stage.api()
                .get(VOLUMES + "source/snapshots/one/archive?exclude=a%2Fb&exclude=sparse")
                .expect(200);
        Files.write(directory.resolve("it.tar"), archive.bytes());
        assertThat(Programs.run("tar", "-tf", directory.resolve("it.tar").toString())
                        .lines())
                .contains("source_one-volume/a/one")
                .doesNotContain("source_one-volume/sparse", "source_one-volume/a/b/link");
    }

    @Test
    void anArchiveIsVerifiedWithoutWritingAnything() {
        var before = Roots.everything(stage.root());
        byte[] whole = export().bytes();
        JsonNode good = stage.api()
                .send("POST", "/api/v1/archives/verify", whole)
                .expect(200)
                .json();
        assertThat(good.path("findings")).isEmpty();
        assertThat(good.path("driver").asText()).isEqualTo("btrfs");
        assertThat(good.toString()).contains("source_one", "services.json");
        byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
        assertThat(stage.api()
                        .send("POST", "/api/v1/archives/verify", half)
                        .expect(200)
                        .json()
                        .path("findings"))
                .isNotEmpty();
        assertThat(Roots.everything(stage.root())).isEqualTo(before);
    }

    @Test
    void theCommandLineExportsVerifiesAndImports() {
        Appliance appliance = stage.appliance();
        String file = directory.resolve("cli.tar").toString();
        appliance.varve("export", "source", "one", "-o", file).succeeded();
        appliance.varve("verify", file).succeeded();
        appliance.varve("import", "cli", "one", file).succeeded();
        assertThat(differences(
                        Roots.trees(stage.root(), "btrfs", "source").resolve("one"),
                        Roots.trees(stage.root(), "btrfs", "cli").resolve("one")))
                .isEmpty();
    }

    @Test
    void anArchiveOfADifferenceIsRefusedPlainly() {
        stage.api().get(VOLUMES + "source/snapshots/one/archive?parent=other").refused(501, "NOT_SUPPORTED");
    }
}
