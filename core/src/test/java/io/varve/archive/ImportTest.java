package io.varve.archive;

import io.varve.linux.Directory;
import io.varve.linux.FileStat;
import io.varve.linux.RawName;
import io.varve.linux.Trees;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import static io.varve.archive.TarMaker.RAW;
import static io.varve.archive.TarMaker.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ImportTest {
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
    void theHeadAndTheMetadataReachTheCaller() {
        byte[] archive = new TarMaker()
                .file(RAW + "-driver", "devicemapper\n")
                .file(RAW + "-device", "{\"Size\": 12345678901, \"More\": []}")
                .directory(RAW + "-metadata")
                .file(RAW + "-metadata/./.SNAPSHOTINFO", "{}")
                .file(RAW + "-metadata/a/b", "bytes")
                .directory(TREE)
                .bytes();
        Archives.Target target = new Archives.Target(tree);

        Archives.restore(new ByteArrayInputStream(archive), target);

        assertThat(target.head()).isEqualTo(new ArchiveHead(RAW, DriverType.of("devicemapper"), 12_345_678_901L));
        assertThat(target.metadata()).containsOnlyKeys(".SNAPSHOTINFO", "a/b");
        assertThat(target.metadata().get("a/b")).asString().isEqualTo("bytes");
    }

    /** "tar -cf archive *" sorts the device before the driver; metadata may come after the tree. */
    @Test
    void otherProgramsMaySpellNamesAndOrderGroupsTheirWay() {
        byte[] archive = new TarMaker()
                .file("./" + RAW + "-device", "{\"Size\":7}")
                .file("./" + RAW + "-driver", "rsync")
                .directory(RAW + "-volume")
                .directory(TREE + "./dir")
                .file(TREE + "./dir/./file", "content")
                .link(TREE + "link", "./" + TREE + "./dir/file")
                .file(RAW + "-metadata/late", "")
                .bytes();
        Archives.Target target = new Archives.Target(tree);

        Archives.restore(new ByteArrayInputStream(archive), target);

        assertThat(target.head().deviceBytes()).isEqualTo(7);
        assertThat(tree.resolve("link")).hasContent("content");
        assertThat(target.metadata()).containsOnlyKeys("late");
    }

    @Test
    void anArchiveWithoutItsNecessaryMembersIsRefused() {
        refused(new TarMaker(), "has no members");
        refused(new TarMaker().file(RAW + "-driver", "btrfs"), "has no member '" + RAW + "-volume'");
        refused(new TarMaker().directory(TREE), "its first member");
        refused(new TarMaker().file(RAW + "-device", "{\"Size\":1}").directory(TREE), "no member '" + RAW + "-driver'");
        refused(new TarMaker().file("-driver", "btrfs").directory("-volume"), "its first member");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"Size\":-1}",
                "{\"Size\":1.5}",
                "{\"Size\":\"1\"}",
                "{\"Size\":99999999999999999999}"
            })
    void aDeviceThatTellsNoSizeIsRefused(String device) {
        refused(new TarMaker().file(RAW + "-driver", "btrfs").file(RAW + "-device", device), RAW + "-device");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../btrfs", "BTRFS", "a b", "b\0"})
    void aDriverThatIsNoTypeIsRefused(String driver) {
        refused(new TarMaker().file(RAW + "-driver", driver).directory(TREE), "names no driver type");
    }

    private void refused(TarMaker archive, String reason) {
        assertThatThrownBy(() -> Archives.restore(archive.bytes(), tree))
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.ARCHIVE_INVALID))
                .hasMessageContaining(reason);
    }

    @Test
    void aTreeThatIsNotEmptyIsLeftAlone() throws IOException {
        Files.createFile(tree.resolve("mine"));
        byte[] archive = TarMaker.begun().file(TREE + "x", "x").bytes();

        assertThatThrownBy(() -> Archives.restore(archive, tree))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("something is there already");
        assertThat(tree.resolve("x")).doesNotExist();
    }

    @Test
    void theLostAndFoundOfAFreshFilesystemIsNoObstacle() throws IOException {
        Files.createDirectory(tree.resolve("lost+found"));
        byte[] archive = TarMaker.begun()
                .directory(TREE + "lost+found/")
                .file(TREE + "lost+found/x", "found")
                .bytes();

        Archives.restore(archive, tree);

        assertThat(tree.resolve("lost+found/x")).hasContent("found");
    }

    @Test
    void theLostAndFoundMayStillComeOnlyOnce() throws IOException {
        Files.createDirectory(tree.resolve("lost+found"));

        refused(TarMaker.begun().directory(TREE + "lost+found/").directory(TREE + "lost+found"), "twice");
    }

    /** Sorted by whole paths, "a b" comes between "a" and "a/x": "a" is finished by then, and entered again. */
    @Test
    void aDirectoryThatIsEnteredAgainKeepsItsTimeModeAndAcls() throws IOException {
        byte[] archive = TarMaker.begun()
                .extended("mtime=-5.25", "SCHILY.acl.default=user::rwx,user:7:rwx,group::r-x,mask::rwx,other::---")
                .member(TREE + "a/", (byte) '5', "", entry -> entry.setMode(0500))
                .directory(TREE + "a b")
                .file(TREE + "a b/y", "y")
                .file(TREE + "a/x", "x")
                .bytes();

        Archives.restore(archive, tree);

        try (Directory directory = Directory.open(tree)) {
            FileStat stat = directory.stat(RawName.of("a"));
            assertThat(stat.modified()).isEqualTo(Instant.ofEpochSecond(-6, 750_000_000));
            assertThat(stat.permissions()).isEqualTo(0500);
            assertThat(directory.attributes(RawName.of("a"))).containsOnlyKeys("system.posix_acl_default");
        }
        try (Directory inside = Directory.open(tree.resolve("a"))) {
            assertThat(inside.attributes(RawName.of("x"))).isEmpty();
        }
    }

    @Test
    void anEntryDoesNotInheritTheDefaultAclOfItsDirectory() throws IOException {
        byte[] archive = TarMaker.begun()
                .extended("SCHILY.acl.default=user::rwx,user:7:rwx,group::r-x,mask::rwx,other::---")
                .directory(TREE + "a/")
                .file(TREE + "a/x", "x")
                .bytes();

        Archives.restore(archive, tree);

        try (Directory inside = Directory.open(tree.resolve("a"))) {
            assertThat(inside.attributes(RawName.of("x"))).isEmpty();
        }
    }

    @Test
    void attributesInAnySpellingAreTaken() throws IOException {
        byte[] archive = TarMaker.begun()
                .extended(
                        "SCHILY.xattr.user.a%3Db%25=raw\0\u00ff",
                        "LIBARCHIVE.xattr.user.c%20%3d+d=AP8",
                        "SCHILY.acl.access=u::rw-\ngroup::r--\nuser:someone:rwx:12\nm:rwx #comment\no:-",
                        "comment=nothing to us")
                .file(TREE + "f", "f")
                .bytes();

        Archives.restore(archive, tree);

        try (Directory directory = Directory.open(tree)) {
            assertThat(directory.attributes(RawName.of("f")))
                    .containsOnlyKeys("user.a=b%", "user.c =+d", "system.posix_acl_access")
                    .hasEntrySatisfying("user.a=b%", value -> assertThat(value).containsExactly('r', 'a', 'w', 0, 0xff))
                    .hasEntrySatisfying("user.c =+d", value -> assertThat(value).containsExactly(0, 0xff));
        }
    }

    @Test
    void whatTheKernelDoesNotAllowIsAWarning() {
        byte[] archive = TarMaker.begun()
                .extended("SCHILY.xattr.user.x=1")
                .symlink(TREE + "s", "text")
                .extended("SCHILY.acl.access=user::rw-,user:nobody:rw-,group::r--,mask::rw-,other::---")
                .file(TREE + "f", "f")
                .bytes();

        ArchiveResult result = Archives.restore(archive, tree);

        assertThat(result.entries()).isEqualTo(3);
        assertThat(result.warningCount()).isEqualTo(2);
        assertThat(result.warnings())
                .containsExactly(
                        "'s': its attribute user.x cannot be kept here (EPERM)",
                        "'" + TREE + "f': its ACL names users without their numbers and is left out");
    }

    @Test
    void aGlobalHeaderConcernsEveryMemberThatSaysNothingElse() throws IOException {
        byte[] archive = new TarMaker()
                .file(RAW + "-driver", "btrfs")
                .global("SCHILY.xattr.user.x", "global")
                .directory(TREE)
                .file(TREE + "f", "f")
                .extended("SCHILY.xattr.user.x=own")
                .file(TREE + "g", "g")
                .bytes();

        Archives.restore(archive, tree);

        try (Directory directory = Directory.open(tree)) {
            assertThat(directory.attributes(RawName.of("f")).get("user.x"))
                    .asString()
                    .isEqualTo("global");
            assertThat(directory.attributes(RawName.of("g")).get("user.x"))
                    .asString()
                    .isEqualTo("own");
        }
    }

    @Test
    void limitsAreKept() {
        byte[] archive = TarMaker.begun()
                .file(RAW + "-metadata/m", "m".repeat(1000))
                .directory(TREE + "d")
                .file(TREE + "d/f", "f".repeat(10_000))
                .bytes();
        ArchiveLimits enough = new ArchiveLimits(5, 20_000, 3, 2, 1600);

        ArchiveImport.read(new ByteArrayInputStream(archive), new Archives.Target(tree), enough, Work.unwatched());

        refused(archive, new ArchiveLimits(4, 20_000, 3, 2, 1600), "more than 4 members");
        refused(archive, new ArchiveLimits(5, 10_000, 3, 2, 1600), "grows beyond 10000 bytes");
        refused(archive, new ArchiveLimits(5, 20_000, 2, 2, 1600), "too long");
        refused(archive, new ArchiveLimits(5, 20_000, 3, 1, 1600), "too deep");
        refused(archive, new ArchiveLimits(5, 20_000, 3, 2, 1500), "more than 1500 bytes of metadata");
    }

    private void refused(byte[] archive, ArchiveLimits limits, String reason) {
        Archives.Target target = new Archives.Target(emptied());
        assertThatThrownBy(
                        () -> ArchiveImport.read(new ByteArrayInputStream(archive), target, limits, Work.unwatched()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(reason);
    }

    private Path emptied() {
        try {
            Trees.remove(tree);
            return Files.createDirectory(tree);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void metadataThatTheCallerDoesNotReadIsSkipped() {
        byte[] archive = TarMaker.begun()
                .file(RAW + "-metadata/m", "m".repeat(1000))
                .file(TREE + "f", "f")
                .bytes();
        ArchiveTarget careless = new ArchiveTarget() {
            @Override
            public Path begin(ArchiveHead head) {
                return tree;
            }

            @Override
            public void metadata(String name, InputStream content) throws IOException {
                assertThat(content.read()).isEqualTo('m');
            }
        };

        ArchiveImport.read(new ByteArrayInputStream(archive), careless, ArchiveLimits.generous(), Work.unwatched());

        assertThat(tree.resolve("f")).hasContent("f");
    }

    @Test
    void aStreamThatFailsFailsTheImportWithItsOwnReason() {
        byte[] archive = TarMaker.begun().file(TREE + "f", "f".repeat(5000)).bytes();
        InputStream broken =
                new java.io.SequenceInputStream(new ByteArrayInputStream(archive, 0, 3000), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        throw new IOException("connection reset");
                    }
                });

        assertThatThrownBy(() -> Archives.restore(broken, new Archives.Target(tree)))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.IO_FAILED))
                .hasMessageContaining("connection reset");
    }

    @Test
    void cancellingEndsTheImport() {
        byte[] archive = TarMaker.begun().file(TREE + "f", "f").bytes();
        Work cancelled = new Work() {
            @Override
            public void progress(long done, long total, String unit) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };

        assertThatThrownBy(() -> ArchiveImport.read(
                        new ByteArrayInputStream(archive),
                        new Archives.Target(tree),
                        ArchiveLimits.generous(),
                        cancelled))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void aFileOfAThousandGigabytesOfNothingIsAHoleBothWays() throws IOException {
        Path sparse = Files.createDirectory(temp.resolve("sparse"));
        try (java.io.RandomAccessFile file =
                new java.io.RandomAccessFile(sparse.resolve("f").toFile(), "rw")) {
            file.setLength(1000L << 30);
            file.seek(700L << 30);
            file.write("in the middle".getBytes(StandardCharsets.UTF_8));
        }
        byte[] archive = Archives.export(sparse);

        Archives.restore(archive, tree);

        assertThat(archive.length).isLessThan(20_000);
        try (Directory directory = Directory.open(tree)) {
            FileStat stat = directory.stat(RawName.of("f"));
            assertThat(stat.size()).isEqualTo(1000L << 30);
            assertThat(stat.blocks() * 512).isLessThan(100_000);
        }
        try (java.io.RandomAccessFile file =
                new java.io.RandomAccessFile(tree.resolve("f").toFile(), "r")) {
            byte[] middle = new byte[13];
            file.seek(700L << 30);
            file.readFully(middle);
            assertThat(middle).asString().isEqualTo("in the middle");
        }
    }
}
