package io.varve.archive;

import io.varve.conformance.TreePicture;
import io.varve.conformance.TreePicture.Aspect;
import io.varve.conformance.WildTree;
import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.linux.Trees;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Other programs unpack our archives, and we unpack what they packed again. */
class InteroperabilityTest {
    private static final String TREE = Archives.SNAPSHOT + "-volume";

    @TempDir
    Path temp;

    private Path original;
    private Path unpacked;
    private Path archive;

    @BeforeEach
    void exportAWildTree() throws IOException {
        assumeTrue(Kernel.isRoot(), "only root restores owners, devices and privileged attributes");
        original = Files.createDirectory(temp.resolve("original"));
        unpacked = Files.createDirectory(temp.resolve("unpacked"));
        archive = temp.resolve("archive.tar");
        WildTree.create(original, 5, 2 * WildTree.EVERY_KIND);
        Files.write(archive, Archives.export(original));
    }

    @AfterEach
    void remove() throws IOException {
        for (String name : List.of("original", "unpacked", "copy")) {
            Trees.remove(temp.resolve(name));
        }
    }

    @Test
    void gnuTarUnpacksOurArchiveTheSame() throws IOException {
        unpackWithGnuTar();

        TreePicture expected = TreePicture.withHoles(original);
        assertThat(TreePicture.withHoles(unpacked.resolve(TREE)).differencesFrom(expected))
                .isEmpty();
    }

    private void unpackWithGnuTar() {
        run("tar", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--acls", "-xpf", archive, "-C", unpacked);
    }

    @Test
    void anArchivePackedAgainByGnuTarInPosixFormatIsReadTheSame() throws IOException {
        unpackWithGnuTar();
        packWithGnuTar("--format=posix", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--acls");

        TreePicture expected = TreePicture.withHoles(original);
        assertThat(TreePicture.withHoles(restored()).differencesFrom(expected)).isEmpty();
    }

    /** The old GNU format has no attributes and no fractions of seconds. */
    @Test
    void anArchivePackedAgainByGnuTarInItsOldFormatIsReadTheSame() throws IOException {
        unpackWithGnuTar();
        packWithGnuTar("--format=gnu");

        TreePicture expected = TreePicture.withHoles(original).without(Aspect.ATTRIBUTES, Aspect.MODIFIED);
        TreePicture copy = TreePicture.withHoles(restored()).without(Aspect.ATTRIBUTES, Aspect.MODIFIED);
        assertThat(copy.differencesFrom(expected)).isEmpty();
    }

    private void packWithGnuTar(String... options) {
        List<Object> command = new ArrayList<>(List.of("tar", "--sparse"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cf", archive, "-C", unpacked));
        for (String group : List.of("-driver", "-metadata", "-volume")) {
            command.add(Archives.SNAPSHOT + group);
        }
        run(command.toArray());
    }

    private Path restored() throws IOException {
        Path copy = Files.createDirectory(temp.resolve("copy"));
        ArchiveResult result = Archives.restore(Files.readAllBytes(archive), copy);
        assertThat(result.warnings()).isEmpty();
        return copy;
    }

    private static void run(Object... command) {
        List<String> words = new ArrayList<>();
        words.add(Commands.find(command[0].toString()).orElseThrow().toString());
        for (int i = 1; i < command.length; i++) {
            words.add(command[i].toString());
        }
        Commands.run(words, Duration.ofMinutes(1)).orThrow("run " + command[0]);
    }
}
