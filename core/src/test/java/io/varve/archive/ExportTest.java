package io.varve.archive;

import io.varve.conformance.TreePicture;
import io.varve.conformance.WildTree;
import io.varve.linux.Commands;
import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.linux.Trees;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ExportTest {
    private static final String TREE = Archives.SNAPSHOT + "-volume/";

    @TempDir
    Path temp;

    private Path tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectory(temp.resolve("tree"));
    }

    @AfterEach
    void remove() throws IOException {
        Trees.remove(tree);
    }

    @Test
    void membersComeInTheirGroupsAndSorted() throws IOException {
        Files.createDirectories(tree.resolve("b/inner"));
        Files.createFile(tree.resolve("b.txt"));
        Files.createFile(tree.resolve("a"));
        Files.createFile(tree.resolve("b/inner/x"));
        MetadataStream deep = MetadataStream.of("lost+found/deep/metadata", new byte[] {1, 2});
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArchiveSource plain = Archives.source(tree, List.of(deep, Archives.record()), Exclusions.none());
        ArchiveSource sized = new ArchiveSource(
                plain.volume(),
                plain.label(),
                plain.driver(),
                10L << 30,
                tree,
                plain.created(),
                plain.metadata(),
                plain.exclusions());

        ArchiveResult result = ArchiveExport.write(sized, bytes, Work.unwatched());

        String metadata = Archives.SNAPSHOT + "-metadata/";
        assertThat(names(bytes.toByteArray()))
                .containsExactly(
                        Archives.SNAPSHOT + "-driver",
                        Archives.SNAPSHOT + "-device",
                        metadata,
                        metadata + ".SNAPSHOTINFO",
                        metadata + "lost+found/",
                        metadata + "lost+found/deep/",
                        metadata + "lost+found/deep/metadata",
                        TREE,
                        TREE + "a",
                        TREE + "b/",
                        TREE + "b/inner/",
                        TREE + "b/inner/x",
                        TREE + "b.txt");
        assertThat(result.bytes()).isEqualTo(bytes.size());
        assertThat(result.entries()).isEqualTo(6);
    }

    @Test
    void twoExportsOfOneTreeAreTheSameBytes() throws IOException {
        WildTree.create(tree, 3, WildTree.EVERY_KIND);

        assertThat(Archives.export(tree)).isEqualTo(Archives.export(tree));
    }

    @ParameterizedTest(name = "{0} leaves {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    cache           | app app/cache app/cache/x app/log app/log/a.log keep.log
                    /app/cache      | app app/log app/log/a.log cache cache/y keep.log
                    app/            | cache cache/y keep.log
                    *.log           | app app/cache app/cache/x app/log app/log/a.log cache cache/y
                    **/*.log        | app app/cache app/cache/x app/log cache cache/y
                    **/cache        | app app/log app/log/a.log keep.log
                    app/**          | app cache cache/y keep.log
                    app/*/?         | app app/cache app/log app/log/a.log cache cache/y keep.log
                    app/l\\og       | app app/cache app/cache/x cache cache/y keep.log
                    app/l\\*        | app app/cache app/cache/x app/log app/log/a.log cache cache/y keep.log
                    """)
    void whatIsExcludedIsLeftOutWithAllBelow(String pattern, String left) throws IOException {
        for (String directory : List.of("app/cache", "app/log", "cache")) {
            Files.createDirectories(tree.resolve(directory));
        }
        for (String file : List.of("app/cache/x", "app/log/a.log", "cache/y", "keep.log")) {
            Files.createFile(tree.resolve(file));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArchiveSource source = Archives.source(tree, List.of(), Exclusions.of(List.of(pattern)));
        ArchiveExport.write(source, bytes, Work.unwatched());

        List<String> inside = names(bytes.toByteArray()).stream()
                .filter(name -> name.startsWith(TREE) && !name.equals(TREE))
                .map(name -> name.substring(TREE.length()).replaceFirst("/$", ""))
                .sorted()
                .toList();
        assertThat(String.join(" ", inside)).isEqualTo(left);
    }

    @Test
    void aPatternThatCannotBeAnchoredIsRefused() {
        for (String pattern : List.of("", "/", "../x", "a/..", "x".repeat(5000))) {
            assertThatThrownBy(() -> Exclusions.of(List.of(pattern)))
                    .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                            .isEqualTo(ErrorCode.REQUEST_INVALID));
        }
    }

    @Test
    void aHardLinkWhoseFirstNameIsExcludedCarriesTheData() throws IOException {
        Files.writeString(tree.resolve("a"), "data", StandardCharsets.UTF_8);
        Files.createLink(tree.resolve("b"), tree.resolve("a"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArchiveExport.write(Archives.source(tree, List.of(), Exclusions.of(List.of("a"))), bytes, Work.unwatched());
        Path copy = Files.createDirectory(temp.resolve("copy"));

        Archives.restore(bytes.toByteArray(), copy);

        assertThat(copy.resolve("b")).hasContent("data");
    }

    @Test
    void socketsAreLeftOutAndTold() throws IOException {
        try (Directory directory = Directory.open(tree)) {
            directory.makeNode(RawName.of("so\ncket"), FileKind.SOCKET, 0600, 0);
        }
        ArchiveResult result = ArchiveExport.write(
                Archives.source(tree, List.of(), Exclusions.none()), OutputStream.nullOutputStream(), Work.unwatched());

        assertThat(result.entries()).isEqualTo(1);
        assertThat(result.warningCount()).isEqualTo(1);
        assertThat(result.warnings()).containsExactly("'so\\x0acket': a socket cannot be archived");
    }

    @Test
    void whatIsMountedBelowIsNotEntered() throws IOException {
        assumeTrue(Kernel.isRoot(), "only root mounts");
        Path point = Files.createDirectory(tree.resolve("point"));
        run("mount", "-t", "tmpfs", "tmpfs", point.toString());
        try {
            Files.createFile(point.resolve("theirs"));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();

            ArchiveResult result =
                    ArchiveExport.write(Archives.source(tree, List.of(), Exclusions.none()), bytes, Work.unwatched());

            assertThat(names(bytes.toByteArray())).endsWith(TREE, TREE + "point/");
            assertThat(result.warnings())
                    .containsExactly("'point': another filesystem or subvolume is there; what it holds is left out");
            assertThat(Archives.export(tree)).isEqualTo(Archives.export(tree));
        } finally {
            run("umount", point.toString());
        }
    }

    private static void run(String program, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Commands.find(program).orElseThrow().toString()));
        command.addAll(List.of(arguments));
        Commands.run(command, Duration.ofSeconds(20)).orThrow("run " + program);
    }

    @Test
    void whatCannotBeReadFailsTheExport() throws IOException {
        Files.createDirectory(tree.resolve("here"));

        assertThatThrownBy(() -> Archives.export(temp.resolve("absent")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot export shop_db_nightly")
                .hasMessageContaining("absent");
    }

    @Test
    void aTargetThatFailsFailsTheExport() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };

        assertThatThrownBy(() -> ArchiveExport.write(
                        Archives.source(tree, List.of(), Exclusions.none()), broken, Work.unwatched()))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.details())
                        .containsEntry("volume", "shop_db")
                        .containsEntry("snapshot", "nightly"))
                .hasMessageContaining("broken pipe");
    }

    @ParameterizedTest
    @CsvSource({"3, 4", "4, 3", "0, 1", "1, 0", "200000, 199999"})
    void metadataOfAnotherSizeThanItSaysFailsTheExport(int said, int real) {
        MetadataStream liar = new MetadataStream() {
            @Override
            public String name() {
                return "liar";
            }

            @Override
            public long size() {
                return said;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[real]);
            }
        };

        assertThatThrownBy(() -> ArchiveExport.write(
                        Archives.source(tree, List.of(liar), Exclusions.none()),
                        OutputStream.nullOutputStream(),
                        Work.unwatched()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("metadata 'liar' does not have the " + said + " bytes");
    }

    @Test
    void progressIsToldAndCancellingEndsTheExport() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.write(tree.resolve("file" + i), new byte[3 << 20]);
        }
        AtomicLong told = new AtomicLong();
        Work impatient = new Work() {
            @Override
            public void progress(long done, long total, String unit) {
                assertThat(unit).isEqualTo("bytes");
                assertThat(done).isGreaterThan(told.get());
                told.set(done);
            }

            @Override
            public boolean cancelled() {
                return told.get() > 4 << 20;
            }
        };

        assertThatThrownBy(() -> ArchiveExport.write(
                        Archives.source(tree, List.of(), Exclusions.none()),
                        OutputStream.nullOutputStream(),
                        impatient))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CANCELLED));
        assertThat(told.get()).isBetween(4L << 20, 6L << 20);
    }

    @Test
    void aTreeDeeperThanThePathsOfTheKernelComesBack() throws IOException {
        RawName level = RawName.of("d".repeat(250));
        Directory at = Directory.open(tree);
        for (int i = 0; i < 40; i++) {
            at.makeDirectory(level, 0755);
            Directory next = at.openDirectory(level);
            at.close();
            at = next;
        }
        at.openFile(RawName.of("bottom"), 0600, OpenFlag.WRITE, OpenFlag.NEW).close();
        at.makeLink(RawName.of("other"), at, RawName.of("bottom"));
        at.close();
        Path copy = Files.createDirectory(temp.resolve("copy"));

        Archives.restore(Archives.export(tree), copy);

        assertThat(TreePicture.of(copy).differencesFrom(TreePicture.of(tree))).isEmpty();
        Trees.remove(copy);
    }

    private static List<String> names(byte[] archive) throws IOException {
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive), "ISO-8859-1")) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                names.add(entry.getName());
                entry = tar.getNextEntry();
            }
        }
        return names;
    }
}
