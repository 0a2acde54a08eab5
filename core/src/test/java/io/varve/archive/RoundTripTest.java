package io.varve.archive;

import io.varve.conformance.TreePicture;
import io.varve.conformance.WildTree;
import io.varve.linux.Trees;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class RoundTripTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aWildTreeComesBackTheSameHolesIncluded(long seed) throws IOException {
        Path original = wild("original", seed);
        Path copy = Files.createDirectory(temp.resolve("copy"));

        ArchiveResult result = Archives.restore(Archives.export(original), copy);

        TreePicture picture = TreePicture.withHoles(original);
        assertThat(TreePicture.withHoles(copy).differencesFrom(picture)).isEmpty();
        assertThat(result.entries()).isEqualTo(picture.size());
        assertThat(result.warnings()).isEmpty();
    }

    @AfterEach
    void remove() throws IOException {
        Trees.remove(temp.resolve("original"));
        Trees.remove(temp.resolve("copy"));
    }

    private Path wild(String name, long seed) throws IOException {
        Path tree = Files.createDirectory(temp.resolve(name));
        WildTree.create(tree, seed, 2 * WildTree.EVERY_KIND);
        return tree;
    }
}
