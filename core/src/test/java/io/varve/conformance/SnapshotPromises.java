package io.varve.conformance;

import io.varve.catalog.SnapshotKind;
import io.varve.catalog.Tag;
import io.varve.linux.Kernel;
import io.varve.spi.ErrorCode;
import io.varve.volume.Snapshot;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Taking snapshots: whole or not at all, never changed afterwards, and nobody notices. */
abstract class SnapshotPromises extends PromiseGroup {
    @Test
    void aMessageOfUnreasonableLengthIsRefused(Rig rig) {
        Volume volume = rig.volume("app");
        String longest = "\u00e4".repeat(SnapshotRequest.LONGEST_MESSAGE / 2);

        assertRefused(
                ErrorCode.REQUEST_INVALID,
                () -> volume.snapshot(SnapshotRequest.manual(Optional.empty(), longest + "x", List.of())),
                "4097",
                "4096");
        assertThat(volume.snapshots()).isEmpty();
        volume.snapshot(SnapshotRequest.manual(Optional.of(Rig.label("one")), longest, List.of()));
        assertThat(volume.snapshot(Rig.label("one")).record().message()).isEqualTo(longest);
        assertRefused(
                ErrorCode.REQUEST_INVALID,
                () -> volume.hold(Rig.label("one"), "me", longest + "x", Optional.empty()),
                "4096");
    }

    private static final String TIME_STAMP = "[0-9]{8}_[0-9]{6}\\.[0-9]{3}";

    @Test
    void aSnapshotSaysWhatItIs(Rig rig) {
        Volume volume = rig.volume("base_db");
        List<Tag> tags = List.of(Tag.of("tagB"), Tag.of("tagA"));

        Snapshot taken = volume.snapshot(SnapshotRequest.manual(Optional.of(Rig.label("snap")), "why, wörtlich", tags));

        Snapshot found = volume.snapshot(volume.label("base_db_snap"));
        assertThat(found).isEqualTo(taken);
        assertThat(found.valid()).isTrue();
        assertThat(found.name()).isEqualTo("base_db_snap");
        assertThat(found.label()).isEqualTo(Rig.label("snap"));
        assertThat(found.volume().tenant()).isEqualTo("base");
        assertThat(found.record().message()).isEqualTo("why, wörtlich");
        assertThat(found.record().tags()).isEqualTo(tags);
        assertThat(found.record().kind()).isEqualTo(SnapshotKind.MANUAL);
        assertThat(found.record().created()).isEqualTo(Rig.START);
        rig.reopen();
        assertThat(rig.find("base_db").snapshots()).containsExactly(taken);
    }

    @Test
    void aSnapshotHoldsTheVolumeInEveryDetail(Rig rig) throws IOException {
        Volume volume = rig.volume("app");
        rig.mine(OddTree.TOP);
        OddTree.make(volume.path());
        Kernel.setPermissions(volume.path(), 0751);
        Contents head = Contents.of(volume.path());

        rig.snapshot(volume, "one");

        Path snapshot = volume.path(Rig.label("one"));
        assertThat(Contents.of(snapshot)).isEqualTo(head);
        assertThat(Contents.of(volume.path())).isEqualTo(head);
        long allocated =
                Kernel.stat(snapshot.resolve(OddTree.TOP).resolve("sparse")).blocks() * 512;
        assertThat(allocated).as("bytes of the sparse file").isLessThan(OddTree.SPARSE_SIZE / 8);
    }

    @Test
    void itNeverChangesWhateverHappensToTheVolume(Rig rig) throws IOException {
        Volume volume = rig.volume("app");
        for (String file : List.of("overwritten", "appended", "truncated", "removed", "replaced", "directory/inner")) {
            rig.write(volume, file, "then then then");
        }
        rig.snapshot(volume, "one");
        Contents then = Contents.of(volume.path(Rig.label("one")));

        Path head = volume.path();
        overwrite(head.resolve("overwritten"), "NOW");
        Files.writeString(head.resolve("appended"), " and now", StandardOpenOption.APPEND);
        try (FileChannel file = FileChannel.open(head.resolve("truncated"), StandardOpenOption.WRITE)) {
            file.truncate(3);
        }
        Files.delete(head.resolve("removed"));
        rig.write(volume, "new", "now");
        Files.move(head.resolve("new"), head.resolve("replaced"), StandardCopyOption.REPLACE_EXISTING);
        Kernel.setPermissions(head.resolve("directory/inner"), 0400);
        rig.write(volume, "directory/second", "now");
        rig.snapshot(volume, "two");

        assertThat(Contents.of(volume.path(Rig.label("one")))).isEqualTo(then);
        assertThat(rig.read(volume, "two", "overwritten")).isEqualTo("NOWn then then");
        rig.reopen();
        assertThat(Contents.of(rig.find("app").path(Rig.label("one")))).isEqualTo(then);
    }

    private static void overwrite(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        }
    }

    @Test
    void openFilesGoOnAsIfNothingHappened(Rig rig) throws IOException {
        Volume volume = rig.volume("app");
        rig.write(volume, "log", "1");
        Path log = volume.path().resolve("log");
        long inode = Kernel.stat(log).inode();

        try (FileChannel open = FileChannel.open(log, StandardOpenOption.APPEND)) {
            rig.snapshot(volume, "one");
            open.write(ByteBuffer.wrap("2".getBytes(StandardCharsets.UTF_8)));
            rig.snapshot(volume, "two");
            open.write(ByteBuffer.wrap("3".getBytes(StandardCharsets.UTF_8)));
        }

        assertThat(rig.read(volume, "log")).isEqualTo("123");
        assertThat(rig.read(volume, "one", "log")).isEqualTo("1");
        assertThat(rig.read(volume, "two", "log")).isEqualTo("12");
        assertThat(Kernel.stat(log).inode()).isEqualTo(inode);
    }

    @Test
    void largeFilesAreWhole(Rig rig) throws IOException {
        Volume volume = rig.volume("app");
        rig.mine("large");
        byte[] bytes = new byte[5_000_001];
        RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
        Files.write(volume.path().resolve("large"), bytes);

        rig.snapshot(volume, "one");

        assertThat(Files.readAllBytes(volume.path(Rig.label("one")).resolve("large")))
                .isEqualTo(bytes);
    }

    @Test
    void anEmptyVolumeHasSnapshotsToo(Rig rig) {
        Volume volume = rig.volume("app");

        rig.snapshot(volume, "nothing");

        assertThat(Invariants.list(volume.path(Rig.label("nothing")))).isSubsetOf("lost+found");
    }

    @Test
    void filesThatComeAndGoMeanwhileDoNotSpoilIt(Rig rig) throws InterruptedException {
        Volume volume = rig.volume("app");
        rig.write(volume, "steady", "there");
        rig.mine("restless");
        Restless files = new Restless(volume.path().resolve("restless"));
        files.start();
        try {
            for (int i = 0; i < 5; i++) {
                rig.snapshot(volume, "s" + i);
            }
        } finally {
            files.end();
        }
        for (String label : Rig.labels(volume)) {
            assertThat(rig.read(volume, label, "steady")).isEqualTo("there");
        }
    }

    @Test
    void aLabelIsTakenOnceInEitherSpelling(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "first");
        rig.snapshot(volume, "one", "tag");
        rig.write(volume, "file", "second");

        assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> rig.snapshot(volume, "one"), "app", "one");
        assertRefused(
                ErrorCode.SNAPSHOT_EXISTS,
                () -> volume.snapshot(SnapshotRequest.manual(Optional.of(volume.label("app_one")), "", List.of())),
                "one");

        assertThat(rig.read(volume, "one", "file")).isEqualTo("first");
        assertThat(volume.snapshots()).hasSize(1);
    }

    @Test
    void bothSpellingsMeanTheSameSnapshot(Rig rig) {
        Volume volume = rig.volume("app");
        Snapshot taken = rig.snapshot(volume, "one");

        assertThat(volume.snapshot(volume.label("one"))).isEqualTo(taken);
        assertThat(volume.snapshot(volume.label("app_one"))).isEqualTo(taken);
        assertThat(volume.label("app_")).isEqualTo(Rig.label("app_"));
    }

    @Test
    void snapshotsAreListedOldestFirst(Rig rig) {
        Volume volume = rig.volume("app");
        for (String label : List.of("m", "z", "a")) {
            rig.snapshot(volume, label);
        }
        for (String label : List.of("y", "b")) {
            volume.snapshot(SnapshotRequest.labelled(label));
        }

        assertThat(Rig.labels(volume)).containsExactly("m", "z", "a", "b", "y");
        assertThat(volume.snapshotCount()).isEqualTo(5);
        rig.reopen();
        assertThat(Rig.labels(rig.find("app"))).containsExactly("m", "z", "a", "b", "y");
    }

    @Test
    void labelsMadeOfTheTimeDifferWithinOneMillisecond(Rig rig) {
        Volume volume = rig.volume("app");
        Set<String> labels = new HashSet<>();

        for (int i = 0; i < 5; i++) {
            SnapshotRequest request = SnapshotRequest.manual(Optional.empty(), "", List.of());
            labels.add(volume.snapshot(request).label().value());
        }

        assertThat(labels).hasSize(5).contains("20260329_005958.123").allMatch(label -> label.matches(TIME_STAMP));
    }

    @Test
    void whatAPolicyTakesCarriesItsName(Rig rig) {
        Volume volume = rig.volume("app");

        volume.snapshot(SnapshotRequest.byPolicy("nightly", Rig.label("auto")));
        rig.reopen();

        Snapshot found = rig.find("app").snapshot(Rig.label("auto"));
        assertThat(found.record().kind()).isEqualTo(SnapshotKind.POLICY);
        assertThat(found.record().policy()).contains("nightly");
    }

    @Test
    void anUnknownSnapshotIsNotFound(Rig rig) {
        Volume volume = rig.volume("app");
        rig.snapshot(volume, "one");

        assertThat(assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.snapshot(Rig.label("two")))
                        .details())
                .containsEntry("volume", "app")
                .containsEntry("snapshot", "two");
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.path(Rig.label("two")));
    }

    @Test
    void takingOneIsAnEventAndAFinishedOperation(Rig rig) {
        Volume volume = rig.volume("app");
        rig.clock().pass(Duration.ofMinutes(1));

        rig.snapshot(volume, "one");

        assertThat(rig.events().getLast().type()).isEqualTo("snapshot.create");
        assertThat(rig.events().getLast().failure()).isEmpty();
        assertThat(rig.events().getLast().subject().snapshot()).contains(Rig.label("one"));
        assertThat(rig.operations().list())
                .noneMatch(operation -> operation.outcome().ended().isEmpty());
    }
}
