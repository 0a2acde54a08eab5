package io.varve.archive;

import io.varve.conformance.TreePicture;
import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.linux.Trees;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Archives that were cut off or changed on their way. */
class DamageTest {
    private static final int BLOCK = 512;
    private static final int MUTATIONS = 120;

    /** What a damaged header can ask for that this host refuses, besides being no archive any more. */
    private static final Set<ErrorCode> CLEAN =
            EnumSet.of(ErrorCode.ARCHIVE_INVALID, ErrorCode.IO_FAILED, ErrorCode.NO_SPACE);

    private static final byte[] ACL =
            "user::rw-,user:7:rw-,group::r--,mask::rw-,other::---".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path temp;

    private Path original;
    private Path copy;

    @BeforeEach
    void makePlaces() throws IOException {
        original = Files.createDirectory(temp.resolve("original"));
        copy = temp.resolve("copy");
    }

    @AfterEach
    void remove() throws IOException {
        Trees.remove(original);
        Trees.remove(copy);
    }

    private byte[] smallArchiveOfEveryKind() throws IOException {
        Path inner = Files.createDirectory(original.resolve("d".repeat(120)));
        Files.writeString(inner.resolve("file"), "content".repeat(100), StandardCharsets.UTF_8);
        Files.createLink(original.resolve("link"), inner.resolve("file"));
        Files.createSymbolicLink(original.resolve("symlink"), Path.of("../" + "x".repeat(200)));
        RawName file = RawName.of("file");
        try (Directory directory = Directory.open(inner);
                Descriptor sparse = directory.openFile(RawName.of("sparse"), 0600, OpenFlag.WRITE, OpenFlag.NEW)) {
            directory.setAttribute(file, "user.binary", new byte[] {0, 1, (byte) 0xff});
            directory.setAttribute(
                    file, "system.posix_acl_access", AclText.parse(ACL).orElseThrow());
            directory.setModified(file, Instant.ofEpochSecond(-7, 7));
            directory.makeNode(RawName.of("fifo"), FileKind.FIFO, 0600, 0);
            sparse.write(ByteBuffer.allocateDirect(1000), 50_000);
            sparse.truncate(100_000);
        }
        return Archives.export(original);
    }

    @Test
    void anArchiveCutOffAtAnyBlockIsNeverTakenForAWholeOne() throws IOException {
        byte[] archive = smallArchiveOfEveryKind();

        for (int length = 0; length < archive.length; length += BLOCK) {
            byte[] beginning = Arrays.copyOf(archive, length);
            Files.createDirectory(copy);
            assertThatThrownBy(() -> Archives.restore(beginning, copy))
                    .as("cut off at %d of %d", length, archive.length)
                    .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                            .isEqualTo(ErrorCode.ARCHIVE_INVALID));
            Trees.remove(copy);
        }
    }

    @Test
    void anArchiveCutOffInsideABlockIsNeverTakenForAWholeOne() throws IOException {
        Files.writeString(original.resolve("file"), "content", StandardCharsets.UTF_8);
        byte[] archive = Archives.export(original);

        for (int length = 100; length < archive.length; length += 100) {
            byte[] beginning = Arrays.copyOf(archive, length);
            Files.createDirectory(copy);
            assertThatThrownBy(() -> Archives.restore(beginning, copy))
                    .as("cut off at %d of %d", length, archive.length)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the archive is refused");
            Trees.remove(copy);
        }
    }

    @Test
    void whatFollowsTheEndMayBeZerosButNothingElse() throws IOException {
        Files.writeString(original.resolve("file"), "content", StandardCharsets.UTF_8);
        byte[] archive = Archives.export(original);
        byte[] padded = Arrays.copyOf(archive, archive.length + 10_240);
        byte[] oddlyPadded = Arrays.copyOf(archive, archive.length + 77);
        byte[] followed = padded.clone();
        followed[archive.length + 3000] = 1;

        for (byte[] whole : List.of(padded, oddlyPadded)) {
            Files.createDirectory(copy);
            Archives.restore(whole, copy);
            Trees.remove(copy);
        }
        Files.createDirectory(copy);
        assertThatThrownBy(() -> Archives.restore(followed, copy)).hasMessageContaining("something follows its end");
    }

    /** Any byte may be wrong; the result is a refusal or a tree, and nothing beside it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aChangedArchiveIsRefusedOrImportedButHarmsNothing(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] archive = smallArchiveOfEveryKind();
        TreePicture before = TreePicture.of(original);

        for (int i = 0; i < MUTATIONS; i++) {
            byte[] changed = changed(archive, random);
            Files.createDirectory(copy);
            importOrRefuse(changed);
            inspect(changed);
            Trees.remove(copy);
        }
        assertThat(TreePicture.of(original)).isEqualTo(before);
        assertThat(temp.toFile().list()).containsExactly("original");
    }

    /** One to eight bytes, most of them in headers, whose checksums are often put right again. */
    private static byte[] changed(byte[] archive, Random random) {
        byte[] changed = archive.clone();
        for (int n = 1 + random.nextInt(8); n > 0; n--) {
            int block = random.nextInt(archive.length / BLOCK) * BLOCK;
            int at = block + random.nextInt(random.nextBoolean() ? 346 : BLOCK);
            changed[at] = random.nextBoolean() ? (byte) ('0' + random.nextInt(10)) : (byte) random.nextInt(256);
            if (random.nextInt(4) > 0) {
                putChecksumRight(changed, block);
            }
        }
        return changed;
    }

    private static void putChecksumRight(byte[] archive, int block) {
        byte[] magic = "ustar".getBytes(StandardCharsets.US_ASCII);
        if (!Arrays.equals(archive, block + 257, block + 262, magic, 0, 5)) {
            return;
        }
        Arrays.fill(archive, block + 148, block + 156, (byte) ' ');
        int sum = 0;
        for (int i = block; i < block + BLOCK; i++) {
            sum += Byte.toUnsignedInt(archive[i]);
        }
        byte[] octal = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octal, 0, archive, block + 148, octal.length);
    }

    private void importOrRefuse(byte[] archive) {
        try {
            Archives.restore(archive, copy);
        } catch (StorageException refusal) {
            assertThat(refusal.code()).as(refusal.getMessage()).isIn(CLEAN);
        }
    }

    private static void inspect(byte[] archive) {
        ArchiveInspector.verify(new ByteArrayInputStream(archive), ArchiveLimits.generous(), Work.unwatched());
    }
}
