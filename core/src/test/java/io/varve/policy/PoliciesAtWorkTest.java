package io.varve.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.registry.TestProvider;
import io.varve.retention.PolicyCodec;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Operations;
import io.varve.volume.RollbackResult;
import io.varve.volume.Snapshot;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Policies carried out on the stores of an appliance, some of which are in trouble. */
class PoliciesAtWorkTest {
    private static final String ALL = "'match':{'stores':['*'],'volumes':['*']}";
    private static final Optional<DriverType> SAND = Optional.of(DriverType.of("sand"));

    @TempDir
    Path temp;

    private Path base;
    private Instant now = Instant.parse("2026-03-05T12:00:00Z");
    private Stores stores;
    private PolicyBook book;
    private RunBook runs;
    private PolicyRunner runner;

    @BeforeEach
    void start() throws IOException {
        base = temp.toRealPath();
        Clock clock = new Now();
        runs = new RunBook(base.resolve("policies"));
        book = book();
        DriverRegistry drivers = new DriverRegistry();
        drivers.register(new TestProvider("sand"), DriverEntry.Source.BUILT_IN);
        Surroundings surroundings =
                Surroundings.standard(clock, new Operations(clock, event -> {}), new PolicyUndoLifetime(book));
        stores = new Stores(drivers, surroundings, new StoreBook(base.resolve("stores")));
        runner = new PolicyRunner(stores, book, runs, clock);
    }

    /** Time passes with every look at it, so that no two snapshots are of one instant. */
    private final class Now extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            now = now.plusMillis(10);
            return now;
        }
    }

    @AfterEach
    void end() {
        stores.close();
    }

    private PolicyBook book() {
        PolicyBook loaded = new PolicyBook(base.resolve("policies"), new PolicyCodec(cron -> Optional.empty()), runs);
        loaded.load(List.of(), damaged -> {
            throw new AssertionError(damaged);
        });
        return loaded;
    }

    private void put(String name, String document) {
        try {
            book.put(name, new ObjectMapper().readTree(("{" + document + "}").replace('\'', '"')));
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private Volume volume(String store, String name) {
        StoreDefinition definition =
                new StoreDefinition(StoreName.of(store), SAND, base.resolve(store), Map.of(), false);
        return stores.add(definition).entry().store().createVolume(VolumeName.of(name), VolumeSpec.unlimited());
    }

    private static List<String> labels(Volume volume) {
        return volume.snapshots().stream()
                .map(Snapshot::label)
                .map(SnapshotLabel::value)
                .toList();
    }

    private void vanish(String store) throws IOException {
        Files.move(base.resolve(store), base.resolve(store + " is away"));
        Files.createDirectory(base.resolve(store));
    }

    @Test
    void oneStoreInTroubleConcernsNoOther() throws IOException {
        Volume good = volume("good", "shop");
        volume("bad", "shop");
        put("all", ALL + ",'keep':{'last':1},'brake':{'maxRemovePercent':100}");
        runner.take("all");
        runner.take("all");
        good.rollback(good.snapshots().getFirst().label(), true, Optional.of(Duration.ZERO), Optional.empty());
        vanish("bad");

        Preview preview = runner.preview("all", Optional.empty());
        assertThat(preview.volumes()).hasSize(2).anySatisfy(each -> {
            assertThat(each.store()).isEqualTo(StoreName.of("bad"));
            assertThat(each.failure().orElseThrow().detail()).contains("gone or not mounted");
            assertThat(each.plan().remove()).isEmpty();
        });
        assertThat(runner.removeExpiredUndoPoints()).isEqualTo(1);
        RunReport pruned =
                runner.prune("all", runner.preview("all", Optional.empty()).token());
        assertThat(pruned.succeeded()).isFalse();
        assertThat(labels(good)).hasSize(1);
    }

    @Test
    void aBrakedRunSaysWhatWasDoneAllTheSame() {
        Volume shop = volume("good", "shop");
        put("all", ALL + ",'keep':{'last':9}");
        for (int i = 0; i < 6; i++) {
            runner.take("all");
        }
        put("all", ALL + ",'keep':{'last':1}");

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> runner.run("all"))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.BRAKE))
                .withMessageContaining("1 snapshots were taken (good/shop_"
                        + labels(shop).getLast().substring(0, 4))
                .withMessageContaining("0 removed elsewhere");
        assertThat(labels(shop)).hasSize(7);
    }

    @Test
    void theLabelOfATemplateCanBeFoundAsItIsListed() {
        Volume app = volume("good", "app");
        put("app", ALL + ",'label':'{policy}_{utc}'");
        runner.take("app");

        String listed = labels(app).getFirst();
        assertThat(listed).startsWith("2026");
        assertThat(app.snapshot(app.label(listed)).valid()).isTrue();
        assertThat(app.snapshot(app.label("app_" + listed)).valid()).isTrue();
    }

    @Test
    void anUndoPointLivesAsLongAsTheLongestPolicyOfItsVolumeSays() {
        Volume app = volume("good", "app");
        assertThat(undoneFor(app)).isEqualTo(Duration.ofHours(24));
        put("short", "'match':{'stores':['*'],'volumes':['app']},'undoFor':'1h'");
        assertThat(undoneFor(app)).isEqualTo(Duration.ofHours(1));
        put("long", "'match':{'stores':['good'],'volumes':['a*']},'undoFor':'2d'");
        put("other", "'match':{'stores':['*'],'volumes':['other']},'undoFor':'1y'");
        assertThat(undoneFor(app)).isEqualTo(Duration.ofDays(2));
    }

    private static Duration undoneFor(Volume volume) {
        SnapshotLabel target = volume.snapshot(SnapshotRequest.manual(Optional.empty(), "", List.of()))
                .label();
        RollbackResult result = volume.rollback(target, true, Optional.empty(), Optional.empty());
        return Duration.between(
                result.undo().record().created(),
                result.undo().record().expires().orElseThrow());
    }

    @Test
    void aRunIsMissedByWhoRanBeforeAndForgottenWithItsPolicy() throws IOException {
        put("hourly", ALL + ",'schedule':{'every':'1h'}");
        put("skipping", ALL + ",'schedule':{'every':'1h','missed':'skip'}");
        assertThat(missed()).isEmpty();
        runner.takeDue("hourly");
        runner.takeDue("skipping");
        assertThat(missed()).isEmpty();
        now = now.plus(Duration.ofHours(3));
        assertThat(missed()).containsExactly("hourly");

        book.remove("hourly");
        put("hourly", ALL + ",'schedule':{'every':'1h'}");
        assertThat(missed()).isEmpty();

        runner.takeDue("hourly");
        Files.delete(base.resolve("policies/hourly.json"));
        book = book();
        put("hourly", ALL + ",'schedule':{'every':'1h'}");
        now = now.plus(Duration.ofHours(3));
        assertThat(missed()).isEmpty();
    }

    private List<String> missed() {
        MissedRuns missed = new MissedRuns(book, runs, (schedule, last) -> Optional.of(last.plus(Duration.ofHours(1))));
        return missed.find(new Now()).stream().map(policy -> policy.name()).toList();
    }

    @Test
    void aPolicyThatCannotBeForgottenOnDiskStaysInForce() throws IOException {
        put("kept", ALL);
        Path file = base.resolve("policies/kept.json");
        Files.delete(file);
        Files.createDirectories(file.resolve("in the way"));

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> book.remove("kept"));
        assertThat(book.find("kept")).isPresent();
    }
}
