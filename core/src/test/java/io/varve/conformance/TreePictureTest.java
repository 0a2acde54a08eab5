package io.varve.conformance;

import io.varve.conformance.TreePicture.Aspect;
import io.varve.linux.Directory;
import io.varve.linux.RawName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class TreePictureTest {
    @TempDir
    Path temp;

    @Test
    void oneSeedGivesOneTree() throws IOException {
        TreePicture one = wild("one", 7);
        TreePicture same = wild("same", 7);
        TreePicture other = wild("other", 8);

        assertThat(same.differencesFrom(one)).isEmpty();
        assertThat(same).isEqualTo(one);
        assertThat(other).isNotEqualTo(one);
        assertThat(one.size()).isGreaterThan(WildTree.EVERY_KIND);
    }

    @Test
    void everyAspectOfAFileIsSeen() throws IOException {
        TreePicture before = wild("tree", 1);
        RawName file = RawName.of("file");
        Path tree = temp.resolve("tree");
        Files.writeString(tree.resolve("file"), "content", StandardCharsets.UTF_8);
        try (Directory directory = Directory.open(tree)) {
            directory.setModified(RawName.of("."), Instant.ofEpochSecond(1_234_567_890, 987_654_321));
            TreePicture with = TreePicture.of(tree);
            assertThat(with.differencesFrom(before)).containsExactly("'file' should not be there");
            assertThat(before.differencesFrom(with)).containsExactly("'file' is missing");

            directory.setPermissions(file, 0604);
            directory.setModified(file, Instant.ofEpochSecond(-1, 5));
            Files.writeString(tree.resolve("file"), "CONTENT", StandardCharsets.UTF_8);
            directory.setModified(file, Instant.ofEpochSecond(-1, 5));
            directory.setAttribute(file, "user.x", new byte[] {1});
        }
        TreePicture changed = TreePicture.of(tree);
        assertThat(changed.differencesFrom(before)).hasSize(1);
        assertThat(changed.withoutPath("file")).isEqualTo(before);
        assertThat(changed.toString()).contains("MODE=604", "user.x=01", "1969-12-31T23:59:59.000000005Z");
        assertThat(changed.without(Aspect.MODE).toString()).doesNotContain("MODE=");
    }

    private TreePicture wild(String name, long seed) throws IOException {
        Path tree = Files.createDirectory(temp.resolve(name));
        WildTree.create(tree, seed, WildTree.EVERY_KIND);
        return TreePicture.of(tree);
    }
}
