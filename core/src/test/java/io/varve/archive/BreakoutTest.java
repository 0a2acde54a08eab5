package io.varve.archive;

import io.varve.conformance.TreePicture;
import io.varve.linux.Trees;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import static io.varve.archive.TarMaker.RAW;
import static io.varve.archive.TarMaker.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Archives that try to reach outside, contradict themselves or ask for too much: all are refused, nothing is harmed. */
class BreakoutTest {
    private static final String LONG = "n".repeat(256);

    @TempDir
    Path temp;

    private Path outside;
    private Path tree;
    private TreePicture before;

    @BeforeEach
    void placeSomethingToReachFor() throws IOException {
        outside = Files.createDirectory(temp.resolve("outside"));
        tree = Files.createDirectory(temp.resolve("tree"));
        Files.writeString(outside.resolve("secret"), "untouched", StandardCharsets.UTF_8);
        before = TreePicture.of(outside);
    }

    @AfterEach
    void remove() throws IOException {
        Trees.remove(tree);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"names", "links", "repetitions", "groups", "headers", "contents"})
    void isRefusedAndHarmsNothing(String what, UnaryOperator<TarMaker> hostile, String reason) throws IOException {
        byte[] archive = hostile.apply(TarMaker.begun()).bytes();

        assertThatThrownBy(() -> Archives.restore(archive, tree))
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.ARCHIVE_INVALID))
                .hasMessageContaining(reason);
        assertThat(TreePicture.of(outside).differencesFrom(before)).isEmpty();
        try (Stream<Path> all = Files.list(temp)) {
            assertThat(all).containsExactlyInAnyOrder(outside, tree);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"names", "links", "repetitions", "groups", "headers", "contents"})
    void isFoundByAnInspectionToo(String what, UnaryOperator<TarMaker> hostile, String reason) {
        byte[] archive = hostile.apply(TarMaker.begun()).bytes();

        Inspection inspection =
                ArchiveInspector.verify(new ByteArrayInputStream(archive), ArchiveLimits.generous(), Work.unwatched());

        assertThat(inspection.isSound()).isFalse();
    }

    static Stream<Arguments> names() {
        return Stream.of(
                row("an absolute name", tar -> tar.file("/etc/cron.d/x", "x"), "absolute name"),
                row("an absolute name after the group", tar -> tar.file(TREE + "/etc/x", "x"), "absolute name"),
                row("an empty component", tar -> tar.directory(TREE + "a").file(TREE + "a//x", "x"), "empty component"),
                row("a parent", tar -> tar.file(TREE + "../outside/x", "x"), "'..'"),
                row(
                        "a parent's parent",
                        tar -> tar.directory(TREE + "a").file(TREE + "a/../../outside/x", "x"),
                        "'..'"),
                row("a parent at the end", tar -> tar.directory(TREE + "a/.."), "'..'"),
                row("a parent before the group", tar -> tar.file("../" + TREE + "x", "x"), "'..'"),
                row(
                        "a parent by extended header",
                        tar -> tar.extended("path=" + TREE + "../x").file("y", "y"),
                        "'..'"),
                row(
                        "a NUL in the name",
                        tar -> tar.extended("path=" + TREE + "a\0b").file("y", "y"),
                        "NUL"),
                row("a component of 256 bytes", tar -> tar.file(TREE + LONG, "x"), "longer than 255"),
                row("a very deep path", tar -> tar.file(TREE + "d/".repeat(2001) + "x", "x"), "too deep"),
                row(
                        "a very long path",
                        tar -> tar.extended("path=" + TREE + "dddddddd/".repeat(8000) + "x")
                                .file("y", ""),
                        "too long"),
                row("a directory that is not there", tar -> tar.file(TREE + "a/x", "x"), "does not come before"),
                row("a file for a directory", tar -> tar.file(TREE + "a", "x").file(TREE + "a/x", "x"), "no directory"),
                row(
                        "a file with a slash at its end",
                        tar -> tar.extended("path=" + TREE + "a/").file("y", "y"),
                        "empty component"));
    }

    static Stream<Arguments> links() {
        return Stream.of(
                row(
                        "an entry through a symlink",
                        tar -> tar.symlink(TREE + "out", "../outside").file(TREE + "out/x", "x"),
                        "no directory of the volume"),
                row(
                        "an entry through an absolute symlink",
                        tar -> tar.symlink(TREE + "out", "/tmp").file(TREE + "out/varve-breakout", "x"),
                        "no directory of the volume"),
                row(
                        "an entry through a symlink that stays inside",
                        tar -> tar.directory(TREE + "a")
                                .symlink(TREE + "b", "a")
                                .file(TREE + "b/x", "x"),
                        "no directory of the volume"),
                row(
                        "a directory through a symlink",
                        tar -> tar.symlink(TREE + "out", "../outside").directory(TREE + "out/x/"),
                        "no directory of the volume"),
                row(
                        "a file over a symlink",
                        tar -> tar.symlink(TREE + "f", "../outside/secret").file(TREE + "f", "x"),
                        "twice"),
                row(
                        "a directory over a symlink",
                        tar -> tar.symlink(TREE + "out", "../outside")
                                .directory(TREE + "out/")
                                .file(TREE + "out/x", "x"),
                        "twice"),
                row(
                        "a symlink over a directory",
                        tar -> tar.directory(TREE + "d")
                                .symlink(TREE + "d", "../outside")
                                .file(TREE + "d/x", "x"),
                        "twice"),
                row(
                        "a symlink for the volume's root",
                        tar -> tar.symlink(RAW + "-volume", "../outside").file(TREE + "x", "x"),
                        "no directory"),
                row("a hard link to an absolute name", tar -> tar.link(TREE + "l", "/etc/passwd"), "absolute name"),
                row("a hard link to a parent", tar -> tar.link(TREE + "l", TREE + "../outside/secret"), "'..'"),
                row(
                        "a hard link to a foreign name",
                        tar -> tar.link(TREE + "l", "outside/secret"),
                        "outside the volume"),
                row(
                        "a hard link to metadata",
                        tar -> tar.file(RAW + "-metadata/m", "x").link(TREE + "l", RAW + "-metadata/m"),
                        "outside the volume"),
                row(
                        "a hard link through a symlink",
                        tar -> tar.symlink(TREE + "out", "../outside").link(TREE + "l", TREE + "out/secret"),
                        "no directory of the volume"),
                row(
                        "a hard link to a symlink",
                        tar -> tar.symlink(TREE + "s", "../outside/secret").link(TREE + "l", TREE + "s"),
                        "symlink or directory"),
                row(
                        "a hard link to a directory",
                        tar -> tar.directory(TREE + "d").link(TREE + "l", TREE + "d"),
                        "symlink or directory"),
                row("a hard link to the root", tar -> tar.link(TREE + "l", RAW + "-volume"), "outside the volume"),
                row("a hard link to nothing", tar -> tar.link(TREE + "l", TREE + "later"), "does not come before"),
                row("a symlink without text", tar -> tar.symlink(TREE + "s", ""), "empty or too long text"),
                row("a symlink of 4096 bytes", tar -> tar.symlink(TREE + "s", "t".repeat(4096)), "too long text"));
    }

    static Stream<Arguments> repetitions() {
        return Stream.of(
                row("a file twice", tar -> tar.file(TREE + "f", "1").file(TREE + "f", "2"), "twice"),
                row(
                        "a file twice, spelt otherwise",
                        tar -> tar.file(TREE + "f", "1").file(TREE + "./f", "2"),
                        "twice"),
                row("a directory twice", tar -> tar.directory(TREE + "d").directory(TREE + "d/"), "twice"),
                row("a directory over a file", tar -> tar.file(TREE + "f", "1").directory(TREE + "f/"), "twice"),
                row("a hard link over a file", tar -> tar.file(TREE + "f", "").link(TREE + "f", TREE + "f"), "twice"),
                row("the root twice", tar -> tar.directory(TREE + "."), "second time"),
                row("the driver twice", tar -> tar.file(RAW + "-driver", "btrfs"), "twice"),
                row(
                        "metadata twice",
                        tar -> tar.file(RAW + "-metadata/m", "1").file(RAW + "-metadata/./m", "2"),
                        "twice"));
    }

    static Stream<Arguments> groups() {
        return Stream.of(
                row("a foreign member", tar -> tar.file("README", "x"), "belongs to no part"),
                row("another snapshot's member", tar -> tar.file("shop_db_other-volume/x", "x"), "belongs to no part"),
                row("a group that only looks right", tar -> tar.file(RAW + "-volumes/x", "x"), "belongs to no part"),
                row(
                        "a device after the body began",
                        tar -> tar.file(RAW + "-device", "{\"Size\":1}"),
                        "after the body"),
                row("metadata that leads out", tar -> tar.file(RAW + "-metadata/../x", "x"), "'..'"),
                row("metadata without a name", tar -> tar.file(RAW + "-metadata", "x"), "plain regular file"),
                row(
                        "metadata that is a symlink",
                        tar -> tar.symlink(RAW + "-metadata/m", "/etc/x"),
                        "plain regular file"),
                row(
                        "metadata that is a hard link",
                        tar -> tar.link(RAW + "-metadata/m", TREE + "x"),
                        "plain regular file"),
                row("metadata with a newline", tar -> tar.file(RAW + "-metadata/a\nb", "x"), "plain UTF-8"),
                row("metadata that is no UTF-8", tar -> tar.file(RAW + "-metadata/\u00ff", "x"), "plain UTF-8"));
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                row("an unknown type", tar -> tar.member(TREE + "v", (byte) 'V', "", entry -> {}), "unknown type"),
                row("a symlink with data", tar -> tar.member(TREE + "s", (byte) '2', "x", entry -> {}), "has data"),
                row("a fifo with data", tar -> tar.member(TREE + "p", (byte) '6', "x", entry -> {}), "has data"),
                row(
                        "two extended headers",
                        tar -> tar.extended("a=b").extended("a=b").file(TREE + "f", ""),
                        "two extended"),
                row("an extended header for nothing", tar -> tar.extended("a=b"), "belong to no member"),
                row(
                        "a record without a length",
                        tar -> tar.extendedBy("path=x\n").file(TREE + "f", ""),
                        "malformed"),
                row(
                        "a record that is too long",
                        tar -> tar.extendedBy("99 a=b\n").file(TREE + "f", ""),
                        "malformed"),
                row("a record without an end", tar -> tar.extendedBy("6 a=bX").file(TREE + "f", ""), "malformed"),
                row("a record without a value", tar -> tar.extendedBy("5 ab\n").file(TREE + "f", ""), "malformed"),
                row("a size that is none", tar -> tar.extended("size=-1").file(TREE + "f", ""), "no number"),
                row(
                        "the owner that means nobody",
                        tar -> tar.extended("uid=4294967295").file(TREE + "f", ""),
                        "uid"),
                row("a time that is none", tar -> tar.extended("mtime=soon").file(TREE + "f", ""), "impossible time"),
                row(
                        "a time as a huge power",
                        tar -> tar.extended("mtime=1e999999999").file(TREE + "f", ""),
                        "time"),
                row(
                        "a size of nine exabytes",
                        tar -> tar.extended("size=9000000000000000000").file(TREE + "f", ""),
                        "no number"),
                row(
                        "a size beyond the limit",
                        tar -> tar.extended("size=900000000000000000")
                                .file(TREE + "f", "")
                                .file(TREE + "g", ""),
                        "cut off"));
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                row(
                        "an attribute without a name",
                        tar -> tar.extended("SCHILY.xattr.=x").file(TREE + "f", ""),
                        "name"),
                row(
                        "an attribute of more than 64 KiB",
                        tar -> tar.extended("SCHILY.xattr.user.x=" + "x".repeat(65_537))
                                .file(TREE + "f", ""),
                        "larger than 64 KiB"),
                row(
                        "an attribute in broken base64",
                        tar -> tar.extended("LIBARCHIVE.xattr.user.x=!").file(TREE + "f", ""),
                        "base64"),
                row(
                        "an ACL that is none",
                        tar -> tar.extended("SCHILY.acl.access=everybody").file(TREE + "f", ""),
                        "ACL"),
                row(
                        "an ACL without all it needs",
                        tar -> tar.extended("SCHILY.acl.access=user::rwx").file(TREE + "f", ""),
                        "lacks or repeats"),
                row("an old sparse form", tar -> sparse(tar, "GNU.sparse.map=0,1", ""), "version 1.0"),
                row("a sparse map without an end", tar -> sparse(tar, "1\n0", 9), "does not end"),
                row("a sparse map of no numbers", tar -> sparse(tar, "x\n", 9), "malformed sparse map"),
                row("a sparse map beyond the file", tar -> sparse(tar, "1\n8\n5\n", 9), "leaves the file"),
                row("a sparse map that overlaps", tar -> sparse(tar, "2\n0\n512\n100\n5\n", 9000), "overlaps"),
                row("a sparse map of huge offsets", tar -> sparse(tar, "1\n999999999999999999\n5\n", 9000), "leaves"),
                row("a sparse map for other data", tar -> sparse(tar, "1\n0\n7\n", 9), "does not tell"),
                row("a sparse map of a billion", tar -> sparse(tar, "999999999\n", 9), "segments"));
    }

    private static TarMaker sparse(TarMaker tar, String map, long size) {
        String records = "GNU.sparse.realsize=" + size;
        String content = map.endsWith("\n") ? map + "\0".repeat(512 - map.length()) : map;
        return tar.extended("GNU.sparse.major=1", "GNU.sparse.minor=0", records).file(TREE + "f", content);
    }

    private static TarMaker sparse(TarMaker tar, String record, String content) {
        return tar.extended(record).file(TREE + "f", content);
    }

    private static Arguments row(String what, UnaryOperator<TarMaker> hostile, String reason) {
        return Arguments.of(what, hostile, reason);
    }
}
