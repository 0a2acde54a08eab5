package io.varve.archive;

import io.varve.conformance.TreePicture;
import io.varve.conformance.WildTree;
import io.varve.linux.Trees;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static io.varve.archive.TarMaker.RAW;
import static io.varve.archive.TarMaker.TREE;
import static org.assertj.core.api.Assertions.assertThat;

class InspectorTest {
    @TempDir
    Path temp;

    @AfterEach
    void remove() throws IOException {
        Trees.remove(temp.resolve("tree"));
    }

    @Test
    void aSoundArchiveIsToldByItsCounts() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        WildTree.create(tree, 4, WildTree.EVERY_KIND);
        byte[] archive = Archives.export(tree);

        Inspection inspection = inspect(archive);

        assertThat(inspection.findings()).isEmpty();
        assertThat(inspection.isSound()).isTrue();
        assertThat(inspection.snapshot()).isEqualTo(RAW);
        assertThat(inspection.driver()).isEqualTo("btrfs");
        assertThat(inspection.metadata()).containsExactly(ArchiveSource.RECORD);
        assertThat(inspection.bytes()).isEqualTo(archive.length);
        assertThat(inspection.members()).containsKeys("regular", "directory", "symlink", "hard-link", "fifo");
        assertThat(inspection.members().values().stream()
                        .mapToLong(count -> count)
                        .sum())
                .isEqualTo(TreePicture.of(tree).size());
    }

    @Test
    void findingsNameTheMemberAndReadingGoesOn() {
        byte[] archive = TarMaker.begun()
                .file(TREE + "a", "1")
                .file(TREE + "a", "2")
                .link(TREE + "l", TREE + "later")
                .file(TREE + "missing/x", "")
                .file(TREE + "last", "12345")
                .bytes();

        Inspection inspection = inspect(archive);

        assertThat(inspection.findings()).extracting(Inspection.Finding::member).containsExactly("a", "l", "missing/x");
        assertThat(inspection.findingCount()).isEqualTo(3);
        assertThat(inspection.dataBytes()).isEqualTo(7);
    }

    @Test
    void whatIsNoArchiveAtAllIsOneFinding() {
        Inspection inspection =
                inspect("this is no archive".repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(inspection.isSound()).isFalse();
        assertThat(inspection.snapshot()).isEmpty();
        assertThat(inspection.findings()).hasSize(1);
    }

    private static Inspection inspect(byte[] archive) {
        return ArchiveInspector.verify(new ByteArrayInputStream(archive), ArchiveLimits.generous(), Work.unwatched());
    }
}
