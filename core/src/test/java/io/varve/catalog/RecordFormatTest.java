package io.varve.catalog;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.spi.Consistency;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RecordFormatTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant TIME = Instant.parse("2024-02-29T23:59:59.123456789Z");

    static final VolumeRecord VOLUME = new VolumeRecord(VolumeName.of("shop_db"), TIME, OptionalLong.of(10L << 30));

    static final SnapshotRecord FULL = new SnapshotRecord(
            VolumeName.of("shop_db"),
            SnapshotLabel.of("20240229_235959.123"),
            SnapshotKind.UNDO,
            TIME,
            "before \"the\" upgrade\n\tÄ 😀",
            List.of(Tag.of("release-1"), Tag.of("a/b".replace('/', ':'))),
            List.of(
                    new Hold("backup@host", "nightly", TIME, Optional.of(TIME.plusSeconds(1))),
                    new Hold("for-ever", "", TIME, Optional.empty())),
            Optional.of("apps"),
            Optional.of(SnapshotLabel.of("parent")),
            Optional.of(TIME.plusSeconds(3600)),
            List.of("2 files vanished"),
            Optional.of(new SnapshotGroup("set", 3, Optional.of(Duration.ofNanos(12_345_678)))),
            Consistency.APPLICATION);

    static final SnapshotRecord BARE = new SnapshotRecord(
            VolumeName.of("shop"),
            SnapshotLabel.of("bare"),
            SnapshotKind.MANUAL,
            Instant.EPOCH,
            "",
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    @Test
    void aRecordComesBackAsItWas() throws IOException {
        assertThat(RecordFormat.readSnapshot(RecordFormat.write(FULL))).isEqualTo(FULL);
        assertThat(RecordFormat.readSnapshot(RecordFormat.write(BARE))).isEqualTo(BARE);
        assertThat(RecordFormat.readVolume(RecordFormat.write(VOLUME))).isEqualTo(VOLUME);

        VolumeRecord sizeless = new VolumeRecord(VolumeName.of("x"), TIME, OptionalLong.empty());
        assertThat(RecordFormat.readVolume(RecordFormat.write(sizeless))).isEqualTo(sizeless);
    }

    @Test
    void aRecordIsOneReadableLineThatSaysWhatItIs() {
        assertThat(new String(RecordFormat.write(VOLUME), StandardCharsets.UTF_8))
                .isEqualTo("""
                        {"format":1,"type":"volume","name":"shop_db","created":"2024-02-29T23:59:59.123456789Z","size":10737418240}
                        """);
    }

    @Test
    void unknownFieldsArePassedOver() throws IOException {
        byte[] later = changed(RecordFormat.write(FULL), node -> {
            node.put("colour", "blue");
            node.putObject("nested").putArray("list").add(1);
        });

        assertThat(RecordFormat.readSnapshot(later)).isEqualTo(FULL);
    }

    @Test
    void aHigherFormatIsRefusedAsNewerAndNotAsDamaged() throws IOException {
        byte[] higher = changed(RecordFormat.write(FULL), node -> node.put("format", 2));

        assertThatExceptionOfType(RecordFormatException.class)
                .isThrownBy(() -> RecordFormat.readSnapshot(higher))
                .withMessageContaining("format 2 is not 1")
                .satisfies(refusal -> assertThat(refusal.newer()).isTrue());
    }

    @Test
    void oneKindOfRecordIsNotTakenForTheOther() {
        assertThatExceptionOfType(RecordFormatException.class)
                .isThrownBy(() -> RecordFormat.readVolume(RecordFormat.write(FULL)))
                .withMessageContaining("not a volume record");
    }

    @Test
    void everyTornRecordIsNoticed() {
        byte[] whole = RecordFormat.write(FULL);
        for (int length = 0; length < whole.length - 2; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(RecordFormatException.class)
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> RecordFormat.readSnapshot(torn))
                    .satisfies(refusal -> assertThat(refusal.newer()).isFalse());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"volume", "label", "kind", "created"})
    void aFieldThatMustBeThereIsMissed(String field) throws IOException {
        byte[] without = changed(RecordFormat.write(FULL), node -> node.remove(field));

        assertThatExceptionOfType(RecordFormatException.class)
                .isThrownBy(() -> RecordFormat.readSnapshot(without))
                .withMessageContaining("'" + field + "' is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"volume", "label", "kind", "created", "parent", "expires"})
    void aFieldWithNonsenseIsRefused(String field) throws IOException {
        byte[] nonsense = changed(RecordFormat.write(FULL), node -> node.put(field, "../nonsense/\0"));

        assertThatExceptionOfType(RecordFormatException.class).isThrownBy(() -> RecordFormat.readSnapshot(nonsense));
    }

    private static byte[] changed(byte[] record, Consumer<ObjectNode> change) throws IOException {
        ObjectNode node = (ObjectNode) JSON.readTree(record);
        change.accept(node);
        return JSON.writeValueAsBytes(node);
    }
}
