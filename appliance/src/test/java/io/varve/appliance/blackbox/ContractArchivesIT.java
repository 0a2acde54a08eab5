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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
        assertThat(good.path("valid").asBoolean()).isTrue();
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
    void theCommandLineExportsVerifiesAndImports() throws IOException {
        Appliance appliance = stage.appliance();
        String file = directory.resolve("cli.tar").toString();
        appliance.varve("export", "source", "one", "-o", file).succeeded();
        assertThat(appliance.varve("verify", file).exited(0).out()).contains("valid: yes", "snapshot: source_one");
        Path half = directory.resolve("half.tar");
        Files.write(half, java.util.Arrays.copyOf(Files.readAllBytes(Path.of(file)), 4000));
        Programs.Outcome bad = appliance.varve("verify", half.toString()).exited(1);
        assertThat(bad.out()).contains("valid: no");
        assertThat(bad.err()).contains(half + " is not a sound archive", "[ARCHIVE_INVALID]");
        appliance.varve("import", "cli", "one", file).succeeded();
        assertThat(differences(
                        Roots.trees(stage.root(), "btrfs", "source").resolve("one"),
                        Roots.trees(stage.root(), "btrfs", "cli").resolve("one")))
                .isEmpty();
    }

    @Test
    void anArchiveOfAPartHoldsThatPartAlone() throws IOException {
        String archive = VOLUMES + "source/snapshots/one/archive?path=";
        Files.write(
                directory.resolve("part.tar"),
                stage.api().get(archive + "a%2Fone").expect(200).bytes());
        assertThat(Programs.run("tar", "-tf", directory.resolve("part.tar").toString())
                        .lines()
                        .filter(line -> line.startsWith("source_one-volume")))
                .containsExactly("source_one-volume/", "source_one-volume/a/", "source_one-volume/a/one");
        stage.api().get(archive + "a%2Fnone").refused(404, "NOT_FOUND");
        stage.api().get(archive + "a%2F..").refused(400, "REQUEST_INVALID");
    }

    @Test
    void whatIsRestoredIsWhatTheSnapshotHoldsInEveryDetail() throws IOException {
        String volume = stage.volume("real");
        Path head = stage.root().resolve("real");
        new RealTree(head).fill(300);
        stage.snapshot(volume, "one");
        Path tree = Roots.trees(stage.root(), "btrfs", "real").resolve("one");
        Path to = stage.image().path().resolve("restored");
        Appliance appliance = stage.appliance();

        appliance.varve("restore", "real", "one", "/", "--to", to.toString()).succeeded();
        for (String name : List.of("d0", "sparse", "owned", "sticky")) {
            appliance
                    .varve(
                            "restore",
                            "real",
                            "one",
                            name,
                            "--to",
                            to.resolve("alone").toString())
                    .succeeded();
        }

        assertThat(RealTree.fingerprint(to.resolve("d0"))).isEqualTo(RealTree.fingerprint(tree.resolve("d0")));
        assertThat(RealTree.fingerprint(to.resolve("alone/d0"))).isEqualTo(RealTree.fingerprint(tree.resolve("d0")));
        Programs.bash(to, "rm -r alone; touch -r " + tree + " .; chmod --reference=" + tree + " .");
        assertThat(RealTree.fingerprint(to)).isEqualTo(RealTree.fingerprint(tree));
        assertThat(Programs.bash(to, "echo $(($(stat -c %b sparse) * 512 < 1048576))")
                        .strip())
                .as("the hole is one")
                .isEqualTo("1");
        assertThat(appliance
                        .varve("restore", "real", "one", "no", "--to", to.toString())
                        .exited(1)
                        .err())
                .contains("'no' is not in this tree [NOT_FOUND]");
        assertThat(appliance
                        .varve("restore", "real", "one", "owned", "--to", to.toString())
                        .exited(1)
                        .err())
                .contains("it exists already", "--overwrite");
        assertThat(Roots.names(to)).isEqualTo(Roots.names(tree));
    }

    @Test
    void anInterruptedRestoreLeavesNothingBehind() throws IOException, InterruptedException {
        String volume = stage.volume("large");
        Programs.bash(stage.root().resolve("large"), "head -c 80M /dev/urandom > data");
        stage.snapshot(volume, "one");
        Path to = Files.createDirectory(stage.image().path().resolve("interrupted"));
        List<String> command = new ArrayList<>(Appliance.command());
        command.addAll(List.of("restore", "large", "one", "data", "--to", to.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        builder.environment().put("VARVE_SOCKET", stage.appliance().socket().toString());
        Process restore = builder.start();
        while (Roots.names(to).isEmpty() && restore.isAlive()) {
            Thread.sleep(2);
        }

        Programs.run("kill", "-STOP", Long.toString(restore.pid()));
        assertThat(Roots.names(to)).as("it is under way").allMatch(name -> name.startsWith(".varve-restore-"));
        Programs.run("kill", "-TERM", Long.toString(restore.pid()));
        Programs.run("kill", "-CONT", Long.toString(restore.pid()));

        assertThat(restore.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(restore.exitValue()).isNotZero();
        assertThat(Roots.names(to)).isEmpty();
    }

    @Test
    void anArchiveOfADifferenceIsRefusedPlainly() {
        stage.api().get(VOLUMES + "source/snapshots/one/archive?parent=other").refused(501, "NOT_SUPPORTED");
    }
}
