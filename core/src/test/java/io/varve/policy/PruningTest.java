package io.varve.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.catalog.Tag;
import io.varve.conformance.SimulatedBehaviour;
import io.varve.conformance.SimulatedDriverProvider;
import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.retention.PolicyCodec;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Operations;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.StoreBook;
import io.varve.volume.StoreDefinition;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
import io.varve.volume.Surroundings;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/** What came under a protection after the plan was made stays, however late that was. */
class PruningTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path temp;

    private final SimulatedDriverProvider provider = new SimulatedDriverProvider();
    private final DriverRegistry drivers = new DriverRegistry();
    private Stores stores;
    private Volume volume;

    private Stores unopened(Instant now) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        Operations operations = new Operations(clock, event -> {});
        return new Stores(drivers, Surroundings.standard(clock, operations), new StoreBook(temp.resolve("stores")));
    }

    @BeforeEach
    void registerDriver() {
        drivers.register(provider, DriverEntry.Source.BUILT_IN);
        stores = unopened(START);
        openAt(START);
        volume = stores.store(StoreName.of("s")).createVolume(VolumeName.of("app"), VolumeSpec.unlimited());
    }

    /** The next process, at this time. */
    private void openAt(Instant now) {
        stores.close();
        stores = unopened(now);
        stores.add(new StoreDefinition(
                StoreName.of("s"), Optional.of(provider.type()), temp.resolve("root"), Map.of(), false));
        stores.store(StoreName.of("s")).find(VolumeName.of("app")).ifPresent(found -> volume = found);
    }

    @AfterEach
    void close() {
        provider.behaviour().reset();
        stores.close();
    }

    private void take(String label, Instant at) {
        openAt(at);
        volume.snapshot(SnapshotRequest.byPolicy("daily", label(label)));
    }

    private static SnapshotLabel label(String label) {
        return SnapshotLabel.of(label);
    }

    /** Does something while the first snapshot is being removed. */
    private void whileTheFirstGoes(Runnable action) {
        provider.behaviour().at(SimulatedBehaviour.Step.TAKE_SNAPSHOT_AWAY, () -> {
            provider.behaviour().reset();
            action.run();
        });
    }

    private RunReport prune() throws IOException {
        RunBook runs = new RunBook(temp.resolve("runs"));
        PolicyBook book = new PolicyBook(temp.resolve("policies"), new PolicyCodec(cron -> Optional.empty()), runs);
        book.put("daily", new ObjectMapper().readTree("""
                {"match": {"stores": ["*"], "volumes": ["*"]}, "keep": {"last": 1}, "brake": {"maxRemovePercent": 100}}
                """));
        return new PolicyRunner(stores, book, runs, Clock.fixed(START.plus(Duration.ofDays(9)), ZoneOffset.UTC))
                .prune("daily");
    }

    private List<String> labels() {
        return volume.snapshots().stream()
                .map(snapshot -> snapshot.label().value())
                .toList();
    }

    private void takeThree() {
        take("one", START);
        take("two", START.plus(Duration.ofDays(1)));
        take("three", START.plus(Duration.ofDays(2)));
    }

    private static void assertStays(RunReport report, String why) {
        assertThat(report.volumes().getFirst().failures()).singleElement().satisfies(failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.PLAN_STALE);
            assertThat(failure.detail()).contains("two", why);
        });
    }

    @Test
    void nothingElseHappensWherePruningGoesUndisturbed() throws IOException {
        takeThree();

        assertThat(prune().succeeded()).isTrue();

        assertThat(labels()).containsExactly("three");
    }

    @Test
    void whatBecameTheNewestStays() throws IOException {
        takeThree();
        whileTheFirstGoes(() -> volume.removeSnapshot(label("three")));

        assertStays(prune(), "newest");

        assertThat(labels()).containsExactly("two");
    }

    @Test
    void whatWasTaggedStays() throws IOException {
        takeThree();
        whileTheFirstGoes(() -> volume.tag(label("two"), Tag.of("release")));

        assertStays(prune(), "tag release");

        assertThat(labels()).containsExactly("two", "three");
    }

    @Test
    void whatWasRolledBackToStays() throws IOException {
        takeThree();
        whileTheFirstGoes(() -> volume.rollback(label("two")));

        assertStays(prune(), "rollback target");

        assertThat(labels()).startsWith("two", "three").hasSize(3);
    }

    @Test
    void anUndoPointThatWasTaggedAfterItsTimeStays() {
        take("one", START);
        SnapshotLabel first = volume.rollback(label("one")).undo().label();
        SnapshotLabel second = volume.rollback(label("one")).undo().label();
        whileTheFirstGoes(() -> volume.tag(second, Tag.of("precious")));

        int removed = UndoPoints.removeExpired(volume, START.plus(Duration.ofDays(2)));

        assertThat(removed).isEqualTo(1);
        assertThat(labels()).contains(second.value()).doesNotContain(first.value());
    }
}
