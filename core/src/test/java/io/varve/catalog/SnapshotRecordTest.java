package io.varve.catalog;

import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SnapshotRecordTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private final SnapshotRecord bare = RecordFormatTest.BARE;

    @Test
    void tagsKeepTheirOrderWhenOneIsTakenAway() {
        SnapshotRecord tagged = bare.withTag(Tag.of("b")).withTag(Tag.of("a")).withTag(Tag.of("c"));

        assertThat(tagged.withoutTag(Tag.of("a")).tags()).containsExactly(Tag.of("b"), Tag.of("c"));
        assertThat(tagged.withoutTag(Tag.of("absent"))).isEqualTo(tagged);
    }

    @Test
    void anOwnerHasOneHoldAndALaterOneTakesItsPlace() {
        SnapshotRecord held = bare.withHold(hold("a", Optional.empty()))
                .withHold(hold("b", Optional.empty()))
                .withHold(hold("a", Optional.of(NOON)));

        assertThat(held.holds()).containsExactly(hold("b", Optional.empty()), hold("a", Optional.of(NOON)));
        assertThat(held.withoutHold("b").withoutHold("a").holds()).isEmpty();
    }

    @Test
    void aHoldProtectsUntilTheMomentItExpires() {
        SnapshotRecord held = bare.withHold(hold("a", Optional.of(NOON)));

        assertThat(held.heldAt(NOON.minusNanos(1))).isTrue();
        assertThat(held.heldAt(NOON)).isFalse();
        assertThat(bare.withHold(hold("a", Optional.empty())).heldAt(Instant.MAX))
                .isTrue();
        assertThat(bare.heldAt(NOON)).isFalse();
    }

    private static Hold hold(String owner, Optional<Instant> expires) {
        return new Hold(owner, "", NOON.minusSeconds(60), expires);
    }

    @Test
    void oldestFirstIsTheSameWhateverTheOrderBefore() {
        SnapshotRecord later = at("a", NOON.plusSeconds(1));
        SnapshotRecord first = at("b", NOON);
        SnapshotRecord second = at("c", NOON);

        for (List<SnapshotRecord> order : List.of(List.of(later, second, first), List.of(second, first, later))) {
            assertThat(order.stream().sorted(SnapshotRecord.OLDEST_FIRST)).containsExactly(first, second, later);
        }
    }

    private SnapshotRecord at(String label, Instant created) {
        return new SnapshotRecord(
                bare.volume(),
                SnapshotLabel.of(label),
                bare.kind(),
                created,
                "",
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "..", "a\nb", " a"})
    void tagsAndHoldOwnersAreBoundedLikeLabels(String text) {
        Stream.<Runnable>of(() -> Tag.of(text), () -> hold(text, Optional.empty()))
                .forEach(maker -> assertThatExceptionOfType(StorageException.class)
                        .isThrownBy(maker::run)
                        .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NAME_INVALID)));
    }
}
