package io.varve.conformance;

import io.varve.catalog.MetadataName;
import io.varve.spi.ErrorCode;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Named byte streams that are kept with a snapshot. */
abstract class MetadataPromises extends PromiseGroup {
    static final MetadataName SERVICES = MetadataName.of("services.json");

    private static void write(Volume volume, String label, String name, byte[] content) {
        volume.writeMetadata(Rig.label(label), MetadataName.of(name), new ByteArrayInputStream(content));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(Volume volume, String label, String name) {
        try (InputStream content = volume.readMetadata(Rig.label(label), MetadataName.of(name))) {
            return content.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void whatWasWrittenIsReadByteForByte(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");
        byte[] content = new byte[300_000];
        RandomGenerator.of("L64X128MixRandom").nextBytes(content);

        write(volume, "snap", "lost+found/metadata", content);
        write(volume, "snap", "empty", new byte[0]);

        rig.reopen();
        Volume again = rig.find("base");
        assertThat(read(again, "snap", "lost+found/metadata")).isEqualTo(content);
        assertThat(again.metadata(again.label("base_snap")))
                .isEqualTo(Map.of("empty", 0L, "lost+found/metadata", 300_000L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a/b", "a/b/c d", ".hidden", "volume.json", "ümläut/日本", "%41", "quote'\"", "x.tmp", "A"})
    void everyLegalNameIsKept(String name, Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");

        write(volume, "snap", name, bytes(name));
        write(volume, "snap", "a/b/c", bytes("beside it"));

        assertThat(read(volume, "snap", name)).isEqualTo(bytes(name));
        assertThat(volume.metadata(Rig.label("snap"))).containsOnlyKeys(name, "a/b/c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "..", "../escape", "a/../../b", "a//b", "/absolute", "nul\0", "a/"})
    void noNameLeadsAnywhereElse(String name) {
        assertRefused(ErrorCode.NAME_INVALID, () -> MetadataName.of(name));
    }

    @Test
    void aNameMayBeLongButNotTooLong(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");
        String longest = "a/".repeat(50) + "n".repeat(40);

        write(volume, "snap", longest, bytes("long"));

        assertThat(read(volume, "snap", longest)).isEqualTo(bytes("long"));
        assertRefused(ErrorCode.NAME_INVALID, () -> MetadataName.of("ü".repeat(60)), "too long");
    }

    @Test
    void dotPartsMeanNothing(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");

        write(volume, "snap", "./a/./b", bytes("x"));

        assertThat(read(volume, "snap", "a/b")).isEqualTo(bytes("x"));
    }

    @Test
    void writingAgainReplacesTheWhole(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");

        write(volume, "snap", "name", bytes("a long first version"));
        write(volume, "snap", "name", bytes("second"));

        assertThat(read(volume, "snap", "name")).isEqualTo(bytes("second"));
        assertThat(volume.metadata(Rig.label("snap"))).hasSize(1);
    }

    @Test
    void aStreamThatBreaksOffLeavesWhatWasThere(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");
        write(volume, "snap", "name", bytes("whole"));

        assertRefused(
                ErrorCode.IO_FAILED,
                () -> volume.writeMetadata(Rig.label("snap"), MetadataName.of("name"), broken()),
                "name",
                "snap");
        assertRefused(
                ErrorCode.IO_FAILED, () -> volume.writeMetadata(Rig.label("snap"), MetadataName.of("other"), broken()));

        assertThat(read(volume, "snap", "name")).isEqualTo(bytes("whole"));
        assertThat(volume.metadata(Rig.label("snap"))).containsOnlyKeys("name");
    }

    /** Gives some bytes, then fails. */
    private static InputStream broken() {
        return new SequenceInputStream(new ByteArrayInputStream(new byte[1000]), new Gone());
    }

    private static final class Gone extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the sender is gone");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return read();
        }
    }

    @Test
    void absentMetadataIsNotFound(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");

        assertThat(assertRefused(ErrorCode.METADATA_NOT_FOUND, () -> volume.readMetadata(Rig.label("snap"), SERVICES))
                        .details())
                .containsEntry("metadata", "services.json");
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.readMetadata(Rig.label("no"), SERVICES));
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> write(volume, "no", "name", new byte[1]));
        assertThat(volume.metadata(Rig.label("snap"))).isEmpty();
    }

    @Test
    void metadataGoesWithItsSnapshotAndANewOneOfThatLabelHasNone(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");
        write(volume, "snap", "name", bytes("of the first"));

        volume.removeSnapshot(Rig.label("snap"));
        rig.snapshot(volume, "snap");

        assertThat(volume.metadata(Rig.label("snap"))).isEmpty();
    }

    @Test
    void metadataIsNeverSeenInTheVolume(Rig rig) {
        Volume volume = rig.volume("base");
        rig.write(volume, "file", "x");
        rig.snapshot(volume, "snap");

        write(volume, "snap", "name", bytes("content"));
        rig.rollback(volume, "snap");

        assertThat(Invariants.list(volume.path())).isSubsetOf("file", "lost+found");
        assertThat(Invariants.list(volume.path(Rig.label("snap")))).isSubsetOf("file", "lost+found");
        assertThat(read(volume, "snap", "name")).isEqualTo(bytes("content"));
    }

    @Test
    void aReaderKeepsWhatItOpenedWhileItIsReplaced(Rig rig) throws IOException {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap");
        write(volume, "snap", "services.json", bytes("old"));

        try (InputStream open = volume.readMetadata(Rig.label("snap"), SERVICES)) {
            write(volume, "snap", "services.json", bytes("newer"));
            assertThat(open.readAllBytes()).isEqualTo(bytes("old"));
        }
        assertThatThrownBy(() -> MetadataName.of("x".repeat(300))).hasMessageContaining("metadata name");
        assertThat(List.of(read(volume, "snap", "services.json"))).containsExactly(bytes("newer"));
    }
}
