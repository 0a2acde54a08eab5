package io.varve.catalog;

import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

class CatalogTest {
    private static final VolumeName SHOP = VolumeName.of("shop_db");
    private static final SnapshotLabel LABEL = RecordFormatTest.FULL.label();

    @TempDir
    Path directory;

    private Catalog catalog;

    @BeforeEach
    void open() {
        catalog = new Catalog(directory);
    }

    @Test
    void anEmptyCatalogHasNothing() throws IOException {
        assertThat(catalog.volumes()).isEmpty();
        assertThat(catalog.volume(SHOP)).isEmpty();
        assertThat(catalog.snapshots(SHOP)).isEmpty();
    }

    @Test
    void recordsAreThereForWhoOpensTheCatalogAnew() throws IOException {
        catalog.put(RecordFormatTest.VOLUME);
        catalog.put(RecordFormatTest.FULL);

        Catalog anew = new Catalog(directory);

        assertThat(anew.volumes()).containsExactly(RecordFormatTest.VOLUME);
        assertThat(anew.volume(SHOP)).contains(RecordFormatTest.VOLUME);
        assertThat(anew.snapshots(SHOP)).containsExactly(entry(LABEL, RecordFormatTest.FULL));
    }

    @Test
    void aRecordIsReplacedWhole() throws IOException {
        catalog.put(RecordFormatTest.VOLUME);
        catalog.put(RecordFormatTest.FULL);

        SnapshotRecord changed = RecordFormatTest.FULL.withTag(Tag.of("more"));
        catalog.put(changed);

        assertThat(catalog.snapshots(SHOP)).containsExactly(entry(LABEL, changed));
        assertThat(catalog.placeFor(SHOP, LABEL).getParent()).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void damagedFilesArePassedOverAndTheOthersAreRead() throws IOException {
        catalog.put(RecordFormatTest.VOLUME);
        catalog.put(RecordFormatTest.FULL);
        Path snapshots = catalog.placeFor(SHOP, LABEL).resolveSibling("x");
        Files.writeString(snapshots.resolveSibling("empty.json"), "");
        Files.writeString(snapshots.resolveSibling("torn.json"), "{\"format\":1,\"ty");
        Files.writeString(snapshots.resolveSibling("array.json"), "[]");
        Files.write(snapshots.resolveSibling("later.json"), RecordFormat.write(RecordFormatTest.BARE));
        Files.writeString(snapshots.resolveSibling("note.txt"), "no record");
        Files.writeString(snapshots.resolveSibling(".half.json.tmp"), "half");
        Files.createDirectories(directory.resolve("broken"));
        Files.writeString(directory.resolve("broken/volume.json"), "{}");
        Files.createDirectories(directory.resolve("recordless"));
        Files.writeString(directory.resolve("stray file"), "no volume");

        assertThat(catalog.snapshots(SHOP)).containsOnlyKeys(LABEL);
        assertThat(catalog.volumes()).containsExactly(RecordFormatTest.VOLUME);
    }

    @Test
    void aRecordInAnothersPlaceIsNone() throws IOException {
        catalog.put(RecordFormatTest.VOLUME);
        catalog.put(RecordFormatTest.FULL);
        Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("shop_db/volume.json"), directory.resolve("copy/volume.json"));
        Path record = catalog.placeFor(SHOP, LABEL);
        Files.copy(record, record.resolveSibling("copy.json"));

        assertThat(catalog.volumes()).containsExactly(RecordFormatTest.VOLUME);
        assertThat(catalog.snapshots(SHOP)).containsOnlyKeys(LABEL);
    }

    @Test
    void aForgottenVolumeTakesItsSnapshotsAlongAndNobodyElses() throws IOException {
        VolumeRecord other = new VolumeRecord(VolumeName.of("shop"), Instant.EPOCH, OptionalLong.empty());
        catalog.put(RecordFormatTest.VOLUME);
        catalog.put(RecordFormatTest.FULL);
        catalog.put(other);
        catalog.put(RecordFormatTest.BARE);

        catalog.forget(SHOP);
        catalog.forget(SHOP);

        assertThat(catalog.volumes()).containsExactly(other);
        assertThat(catalog.snapshots(SHOP)).isEmpty();
        assertThat(catalog.snapshots(other.name())).hasSize(1);
    }

    @Test
    void metadataIsKeptByNameAndReplacedWhole() throws IOException {
        MetadataStreams streams = catalog.metadata(SHOP, LABEL);
        write(streams, "./.snapshot/services.json", "first and rather long");
        write(streams, ".snapshot/services.json", "second");
        write(streams, "images", "");

        assertThat(read(streams, ".snapshot/./services.json")).isEqualTo("second");
        assertThat(streams.sizes()).containsExactly(entry(".snapshot/services.json", 6L), entry("images", 0L));
        assertThat(streams.read(MetadataName.of("absent"))).isEmpty();
    }

    @Test
    void aNameAndOneBelowItAreTwoStreams() throws IOException {
        MetadataStreams streams = catalog.metadata(SHOP, LABEL);
        write(streams, "a", "1");
        write(streams, "a/b", "2");

        assertThat(read(streams, "a")).isEqualTo("1");
        assertThat(read(streams, "a/b")).isEqualTo("2");
    }

    @Test
    void aStreamThatBreaksLeavesTheOldContentAndNoRemains() throws IOException {
        MetadataStreams streams = catalog.metadata(SHOP, LABEL);
        write(streams, "name", "old");
        InputStream unconnected = new PipedInputStream();
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), unconnected);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> streams.write(MetadataName.of("name"), broken));

        assertThat(read(streams, "name")).isEqualTo("old");
        assertThat(directory.resolve("shop_db/metadata").resolve(LABEL.value()))
                .isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void filesOfOthersAmongTheStreamsArePassedOver() throws IOException {
        MetadataStreams streams = catalog.metadata(SHOP, LABEL);
        write(streams, "mine", "1");
        Path place = directory.resolve("shop_db/metadata").resolve(LABEL.value());
        Files.writeString(place.resolve("50%zz"), "what is this");
        Files.writeString(place.resolve("%2e%2E"), "a name that would climb");

        assertThat(streams.sizes()).containsExactly(entry("mine", 1L));
    }

    @Test
    void forgettingMetadataTouchesNoOtherSnapshot() throws IOException {
        write(catalog.metadata(SHOP, LABEL), "name", "1");
        write(catalog.metadata(SHOP, SnapshotLabel.of("other")), "name", "2");

        catalog.forgetMetadata(SHOP, LABEL);
        catalog.forgetMetadata(SHOP, LABEL);

        assertThat(catalog.metadata(SHOP, LABEL).sizes()).isEmpty();
        assertThat(read(catalog.metadata(SHOP, SnapshotLabel.of("other")), "name"))
                .isEqualTo("2");
    }

    private static void write(MetadataStreams streams, String name, String content) throws IOException {
        streams.write(MetadataName.of(name), new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static String read(MetadataStreams streams, String name) throws IOException {
        try (InputStream content = streams.read(MetadataName.of(name)).orElseThrow()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
