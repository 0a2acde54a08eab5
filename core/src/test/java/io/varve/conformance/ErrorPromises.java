package io.varve.conformance;

import io.varve.catalog.MetadataName;
import io.varve.catalog.Tag;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Event;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Every refusal has its own code, names what, where and why, and changes nothing. */
abstract class ErrorPromises extends PromiseGroup {
    private record Expected(ErrorCode code, Runnable action) {}

    /** A volume {@code app} with the held snapshot {@code one} that carries {@code tag}. */
    private static Volume volume(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.snapshot(volume, "one", "tag");
        volume.hold(Rig.label("one"), "keeper", "audit", Optional.empty());
        return volume;
    }

    private static Map<String, Expected> refusals(Rig rig, Volume volume) {
        ByteArrayInputStream content = new ByteArrayInputStream(new byte[1]);
        Map<String, Expected> all = new LinkedHashMap<>();
        all.put("app", new Expected(ErrorCode.VOLUME_EXISTS, () -> rig.volume("app")));
        all.put("one", new Expected(ErrorCode.SNAPSHOT_EXISTS, () -> rig.snapshot(volume, "one")));
        all.put("tag", new Expected(ErrorCode.TAG_EXISTS, () -> rig.snapshot(volume, "two", "tag")));
        all.put("again", new Expected(ErrorCode.TAG_EXISTS, () -> rig.snapshot(volume, "3", "again", "again")));
        all.put("no-tag", new Expected(ErrorCode.TAG_NOT_FOUND, () -> volume.untag(Tag.of("no-tag"))));
        all.put("keeper", new Expected(ErrorCode.HELD, () -> volume.removeSnapshot(Rig.label("one"))));
        all.put("audit", new Expected(ErrorCode.HELD, () -> rig.store().removeVolume(volume.name())));
        all.put("nobody", new Expected(ErrorCode.NOT_FOUND, () -> volume.unhold(Rig.label("one"), "nobody")));
        all.put("no1", new Expected(ErrorCode.SNAPSHOT_NOT_FOUND, () -> rig.rollback(volume, "no1")));
        all.put("no2", new Expected(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.removeSnapshot(Rig.label("no2"))));
        all.put("no3", new Expected(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.tag(Rig.label("no3"), Tag.of("t"))));
        all.put(
                "no4",
                new Expected(
                        ErrorCode.SNAPSHOT_NOT_FOUND,
                        () -> volume.writeMetadata(Rig.label("no4"), MetadataName.of("m"), content)));
        return all;
    }

    @Test
    void everyRefusalNamesWhatWhereAndWhyAndIsAnEvent(Rig rig) {
        Volume volume = volume(rig);

        refusals(rig, volume).forEach((name, expected) -> {
            StorageException refusal = assertRefused(expected.code, expected.action::run);

            assertThat(refusal.details())
                    .as(name)
                    .containsEntry("store", "tried")
                    .containsEntry("volume", "app");
            assertThat(refusal).hasMessageContaining(name);
            assertThat(refusal.getMessage()).doesNotContain("Exception", "io.varve", "null", "@", "\n");
            Event event = rig.events().getLast();
            assertThat(event.failure()).as(name).contains(expected.code);
            assertThat(event.detail()).isEqualTo(refusal.getMessage());
        });
    }

    @Test
    void aRefusalChangesNothing(Rig rig) {
        Volume volume = volume(rig);
        Contents head = Contents.of(volume.path());
        Object before = volume.snapshots();

        refusals(rig, volume).values().forEach(expected -> assertRefused(expected.code, expected.action::run));

        assertThat(volume.snapshots()).isEqualTo(before);
        assertThat(Contents.of(volume.path())).isEqualTo(head);
        assertThat(rig.operations().list())
                .noneMatch(operation -> operation.outcome().ended().isEmpty());
    }

    @Test
    void whatANameBreaksIsNotMistakenForWhatIsMissing(Rig rig) {
        Volume volume = volume(rig);

        assertRefused(ErrorCode.NAME_INVALID, () -> volume.label("a/b"), "snapshot label", "'/'");
        assertRefused(ErrorCode.NAME_INVALID, () -> volume.label(""), "empty");
        assertRefused(ErrorCode.NAME_INVALID, () -> Tag.of("..x"), "tag", "'..'");
        assertRefused(ErrorCode.NAME_INVALID, () -> rig.volume(".x"), "volume name", "'.'");
    }

    @Test
    void aDriversFailureKeepsItsCodeAndGainsTheNames(Rig rig) {
        Volume volume = volume(rig);
        rig.faults().at(Faults.Moment.BEFORE, Faults.Call.CREATE_SNAPSHOT, () -> {
            throw new StorageException(ErrorCode.NO_SPACE, "the pool is full: 3 of 100 GiB are free");
        });

        StorageException refusal = assertRefused(ErrorCode.NO_SPACE, () -> rig.snapshot(volume, "two"));

        assertThat(refusal).hasMessage("the pool is full: 3 of 100 GiB are free");
        assertThat(refusal.details())
                .containsEntry("store", "tried")
                .containsEntry("volume", "app")
                .containsEntry("snapshot", "two");
    }
}
