package io.varve.conformance;

import io.varve.catalog.Tag;
import io.varve.spi.ErrorCode;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Tags: names that at most one snapshot of a volume carries. */
abstract class TagPromises extends PromiseGroup {
    private static List<Tag> tags(String... texts) {
        return List.of(texts).stream().map(Tag::of).toList();
    }

    @Test
    void tagsKeepTheOrderTheyWereGivenIn(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap", "snapTag", "tagA");

        volume.tag(volume.label("base_snap"), Tag.of("tagB"));

        rig.reopen();
        assertThat(rig.find("base").snapshot(Rig.label("snap")).record().tags())
                .isEqualTo(tags("snapTag", "tagA", "tagB"));
    }

    @Test
    void aTagFindsItsSnapshot(Rig rig) {
        Volume volume = rig.volume("base");
        Snapshot one = rig.snapshot(volume, "one", "first", "both words");
        Snapshot two = rig.snapshot(volume, "two", "second");

        assertThat(volume.snapshotWith(Tag.of("both words"))).isEqualTo(one);
        assertThat(volume.snapshotWith(Tag.of("second"))).isEqualTo(two);
        assertThat(assertRefused(ErrorCode.TAG_NOT_FOUND, () -> volume.snapshotWith(Tag.of("First")))
                        .details())
                .containsEntry("tag", "First")
                .containsEntry("volume", "base");
    }

    @Test
    void aTagIsGivenOnce(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "one", "tag");
        rig.snapshot(volume, "two");

        assertRefused(ErrorCode.TAG_EXISTS, () -> volume.tag(Rig.label("one"), Tag.of("tag")), "tag", "one");
        assertRefused(ErrorCode.TAG_EXISTS, () -> volume.tag(Rig.label("two"), Tag.of("tag")), "tag", "one");
        assertRefused(ErrorCode.TAG_EXISTS, () -> rig.snapshot(volume, "three", "new", "tag"), "tag", "one");

        assertThat(Rig.labels(volume)).containsExactly("one", "two");
        volume.tag(Rig.label("two"), Tag.of("new"));
    }

    @Test
    void oneCallCannotGiveATagTwice(Rig rig) {
        Volume volume = rig.volume("base");

        assertRefused(ErrorCode.TAG_EXISTS, () -> rig.snapshot(volume, "one", "tag", "tag"), "twice");

        assertThat(volume.snapshots()).isEmpty();
        rig.snapshot(volume, "one", "tag");
    }

    @Test
    void otherVolumesHaveTagsOfTheirOwn(Rig rig) {
        rig.snapshot(rig.volume("one"), "snap", "tag");

        Snapshot other = rig.snapshot(rig.volume("two"), "snap", "tag");

        assertThat(other.record().tags()).isEqualTo(tags("tag"));
    }

    @Test
    void takingATagAwayGivesTheSnapshotThatHadIt(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "snap", "a", "b", "c");

        Snapshot without = volume.untag(Tag.of("b"));

        assertThat(without.label()).isEqualTo(Rig.label("snap"));
        assertThat(without.record().tags()).isEqualTo(tags("a", "c"));
        assertRefused(ErrorCode.TAG_NOT_FOUND, () -> volume.untag(Tag.of("b")), "b", "base");
        rig.reopen();
        assertThat(rig.find("base").snapshot(Rig.label("snap")).record().tags()).isEqualTo(tags("a", "c"));
        rig.snapshot(rig.find("base"), "next", "b");
    }

    @Test
    void aRemovedSnapshotGivesItsTagsBack(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "one", "tag");

        volume.removeSnapshot(Rig.label("one"));

        assertRefused(ErrorCode.TAG_NOT_FOUND, () -> volume.snapshotWith(Tag.of("tag")));
        assertThat(rig.snapshot(volume, "two", "tag").record().tags()).isEqualTo(tags("tag"));
    }

    @Test
    void aRollbackLeavesTagsWhereTheyAre(Rig rig) {
        Volume volume = rig.volume("base");
        rig.snapshot(volume, "one", "tag");

        Snapshot undo = rig.rollback(volume, "one").undo();

        assertThat(volume.snapshotWith(Tag.of("tag")).label()).isEqualTo(Rig.label("one"));
        assertThat(undo.record().tags()).isEmpty();
    }

    @Test
    void anUnknownSnapshotCannotBeTagged(Rig rig) {
        Volume volume = rig.volume("base");

        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.tag(Rig.label("no"), Tag.of("tag")));
        assertRefused(ErrorCode.NAME_INVALID, () -> Tag.of("a/b"));
    }
}
