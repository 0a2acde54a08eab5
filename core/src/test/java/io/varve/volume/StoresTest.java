package io.varve.volume;

import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.registry.TestProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The stores of an appliance over its starts and ends, with disks that come and go. */
@Timeout(60)
class StoresTest {
    private static final StoreName DATA = StoreName.of("data");
    private static final Optional<DriverType> SAND = Optional.of(DriverType.of("sand"));
    private static final VolumeName SHOP = VolumeName.of("shop");

    @TempDir
    Path temp;

    private Path root;
    private Path away;
    private Path book;
    private final TestProvider sand = new TestProvider("sand");
    private final List<Stores> started = new ArrayList<>();
    private Duration patience = Duration.ofSeconds(30);

    @BeforeEach
    void resolve() throws IOException {
        root = temp.toRealPath().resolve("mnt/data");
        away = temp.toRealPath().resolve("away");
        book = temp.toRealPath().resolve("state/stores");
    }

    @AfterEach
    void closeAll() {
        started.forEach(Stores::close);
    }

    private Stores start(StoreDefinition... configured) {
        DriverRegistry drivers = new DriverRegistry();
        drivers.register(sand, DriverEntry.Source.BUILT_IN);
        Clock clock = Clock.systemUTC();
        Operations operations = new Operations(clock, event -> {});
        Surroundings surroundings = new Surroundings(clock, operations, patience, Duration.ofHours(24));
        Stores stores = new Stores(drivers, surroundings, new StoreBook(book));
        started.add(stores);
        stores.openAll(List.of(configured), damaged -> {
            throw new AssertionError(damaged);
        });
        return stores;
    }

    private Stores restart(StoreDefinition... configured) {
        started.removeLast().close();
        return start(configured);
    }

    private static StoreDefinition asked(StoreName name, Path root) {
        return new StoreDefinition(name, SAND, root, Map.of(), false);
    }

    private static StoreDefinition configured(Path root) {
        return new StoreDefinition(DATA, Optional.empty(), root, Map.of(), true);
    }

    /** The disk goes; what stays is the empty directory it was mounted on. */
    private void unmount() throws IOException {
        Files.move(root, away);
        Files.createDirectory(root);
    }

    private void mount() throws IOException {
        Files.delete(root);
        Files.move(away, root);
    }

    private void assertClosed(Stores stores, String why) {
        assertThat(stores.entry(DATA)).isInstanceOfSatisfying(StoreEntry.Closed.class, closed -> {
            assertThat(closed.reason().code()).isEqualTo(ErrorCode.BAD_MOUNT);
            assertThat(closed.reason()).hasMessageContaining(root.toString()).hasMessageContaining(why);
            assertThat(closed.condition().state()).isEqualTo(StoreEntry.State.CLOSED);
        });
    }

    private static StoreEntry.State state(Stores stores) {
        return stores.entry(DATA).condition().state();
    }

    @Test
    void aStoreWhoseDiskIsNotMountedIsNotMadeAnewOnTheFilesystemBelow() throws IOException {
        start().add(asked(DATA, root)).entry().store().createVolume(SHOP, VolumeSpec.unlimited());
        started.removeLast().close();
        unmount();

        Stores stores = start();
        assertClosed(stores, "Mount its filesystem");
        assertThat(stores.retryClosed()).hasSize(1);
        assertThat(root).isEmptyDirectory();

        mount();
        assertThat(stores.retryClosed()).isEmpty();
        assertThat(stores.store(DATA).volumes()).hasSize(1);
    }

    @Test
    void neitherIsOneOfTheConfigurationFileOnceItWasOpen() throws IOException {
        assertThat(state(start(configured(root)))).isEqualTo(StoreEntry.State.OPEN);
        started.removeLast().close();
        unmount();

        Stores stores = start(configured(root));
        assertClosed(stores, "Mount its filesystem");
        assertThat(root).isEmptyDirectory();

        mount();
        assertThat(stores.retryClosed()).isEmpty();
    }

    @Test
    void anotherStoreAtTheSameRootIsRefused() throws IOException {
        start(configured(root));
        started.removeLast().close();
        unmount();
        Path own = book;
        book = own.resolveSibling("of somebody else");
        start().add(asked(DATA, root)).entry().store().createVolume(SHOP, VolumeSpec.unlimited());
        started.removeLast().close();

        book = own;
        assertClosed(start(configured(root)), "is another store");
        assertThat(root.resolve("shop")).isDirectory();
    }

    @Test
    void aStoreThatIsMovedInTheConfigurationFileIsMadeAtItsNewRoot() {
        start(configured(root));
        Stores stores = restart(configured(root.resolveSibling("elsewhere")));

        assertThat(state(stores)).isEqualTo(StoreEntry.State.OPEN);
        assertThat(stores.store(DATA).layout().root()).isEqualTo(root.resolveSibling("elsewhere"));
    }

    @Test
    void whoseDataIsLostForGoodIsMadeAnewOnceItWasOutOfTheConfigurationFile() throws IOException {
        start(configured(root));
        started.removeLast().close();
        unmount();
        assertClosed(start(configured(root)), "is not there");
        restart();

        assertThat(state(restart(configured(root)))).isEqualTo(StoreEntry.State.OPEN);
    }

    @Test
    void theNameOfAClosedStoreIsTaken() throws IOException {
        start(configured(root));
        started.removeLast().close();
        unmount();
        Stores stores = start(configured(root));

        assertRefused(ErrorCode.STORE_EXISTS, "'data'", () -> stores.add(asked(DATA, root.resolveSibling("mine"))));
        assertThat(root.resolveSibling("mine")).doesNotExist();
        assertThat(stores.entry(DATA).definition()).isEqualTo(configured(root));
    }

    @Test
    void whoAsksForAClosedStoreAgainHasItTriedAgain() throws IOException {
        start().add(asked(DATA, root));
        started.removeLast().close();
        unmount();
        Stores stores = start();

        assertRefused(ErrorCode.BAD_MOUNT, "Mount its filesystem", () -> stores.add(asked(DATA, root)));
        mount();
        assertThat(stores.add(asked(DATA, root)).created()).isFalse();
        assertThat(state(stores)).isEqualTo(StoreEntry.State.OPEN);
    }

    @Test
    void aStoreThatCannotBeRecordedIsNotLeftOpenWithoutAName() throws IOException {
        Stores stores = start();
        Files.createDirectories(book.getParent());
        Files.createFile(book);

        assertRefused(ErrorCode.IO_FAILED, "cannot record store 'data'", () -> stores.add(asked(DATA, root)));
        Files.delete(book);
        assertThat(stores.add(asked(DATA, root)).created()).isTrue();
    }

    @Test
    void aStoreThatCannotBeForgottenIsOpenedAgain() throws IOException {
        Stores stores = start();
        stores.add(asked(DATA, root));
        Path file = book.resolve("data.json");
        Path record = Files.move(file, book.resolve("kept"));
        Files.createDirectories(file.resolve("in the way"));

        assertRefused(ErrorCode.IO_FAILED, "cannot forget store 'data'", () -> stores.remove(DATA));
        assertThat(state(stores)).isEqualTo(StoreEntry.State.CLOSED);
        Files.delete(file.resolve("in the way"));
        Files.delete(file);
        Files.move(record, file);
        assertThat(stores.retryClosed()).isEmpty();
        assertThat(state(stores)).isEqualTo(StoreEntry.State.OPEN);
    }

    @Test
    void whatFailedHalfWayIsSettledByOpeningTheStoreAnewWhenItsRootIsBack() throws IOException {
        Stores stores = start();
        Store before = stores.add(asked(DATA, root)).entry().store();
        unmount();
        assertRefused(ErrorCode.IO_FAILED, "", () -> before.createVolume(SHOP, VolumeSpec.unlimited()));
        stores.reopenTroubled();
        assertThat(stores.store(DATA)).isSameAs(before);

        mount();
        stores.reopenTroubled();
        assertThat(stores.store(DATA)).isNotSameAs(before);
        stores.store(DATA).createVolume(SHOP, VolumeSpec.unlimited());
        assertRefused(ErrorCode.BUSY, "opened anew", () -> before.createVolume(SHOP, VolumeSpec.unlimited()));
    }

    @Test
    void aDiskThatComesBackAsAnotherDeviceIsOpenedAnew() throws IOException {
        Stores stores = start();
        stores.add(asked(DATA, root)).entry().store().createVolume(SHOP, VolumeSpec.unlimited());
        giveAnotherInode(root.resolve(".sand"));
        assertThat(state(stores)).isEqualTo(StoreEntry.State.DEGRADED);

        stores.reopenTroubled();
        assertThat(state(stores)).isEqualTo(StoreEntry.State.OPEN);
        assertThat(stores.store(DATA).volumes()).hasSize(1);
    }

    private void giveAnotherInode(Path directory) throws IOException {
        Files.move(directory, away);
        Files.createDirectory(directory);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(away)) {
            for (Path entry : entries) {
                Files.move(entry, directory.resolve(entry.getFileName()));
            }
        }
    }

    @Test
    void aStoreThatIsAtWorkIsNotOpenedAnew() {
        StoreGate gate = new StoreGate(DATA, () -> true);
        boolean closed = gate.during("a long copy", () -> {}, gate::closeIfIdle);
        assertThat(closed).isFalse();
        assertThat(gate.during("the next", () -> {}, () -> "done")).isEqualTo("done");
    }

    @Test
    void aClientThatBreaksOffIsNoTroubleOfTheStore() {
        assertThat(isTroubledByAFailure(true)).isFalse();
        assertThat(isTroubledByAFailure(false)).isTrue();
    }

    private static boolean isTroubledByAFailure(boolean well) {
        StoreGate gate = new StoreGate(DATA, () -> well);
        assertRefused(
                ErrorCode.IO_FAILED,
                "broken",
                () -> gate.during("an import", () -> {}, () -> {
                    throw new StorageException(ErrorCode.IO_FAILED, "broken");
                }));
        return gate.isTroubled();
    }

    @Test
    void aRootThatDoesNotAnswerKeepsNobodyFromTheOtherStoresNorFromTheEnd() throws InterruptedException {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        sand.atOpen(layout -> {
            if (layout.root().equals(root)) {
                await(answer);
            }
        });
        patience = Duration.ofMillis(300);
        Stores stores = start(configured(root));
        assertThat(state(stores)).isEqualTo(StoreEntry.State.CLOSED);
        assertThat(stores.entry(DATA).problem().orElseThrow()).contains("does not answer");

        StoreName other = StoreName.of("other");
        stores.add(asked(other, root.resolveSibling("other")));
        stores.remove(other);
        assertRefused(ErrorCode.BUSY, "does not answer", () -> stores.add(asked(DATA, root)));
        stores.close();

        // What opens after the end is closed at once: somebody else can have it.
        answer.countDown();
        sand.atOpen(layout -> {});
        patience = Duration.ofSeconds(30);
        Stores next = start();
        while (ended.getCount() > 0) {
            try {
                next.add(asked(StoreName.of("next"), root));
                ended.countDown();
            } catch (StorageException stillOpen) {
                assertThat(stillOpen.code()).isEqualTo(ErrorCode.BUSY);
                Thread.sleep(20);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(50, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void aRootThatVanishesWhileTheStoreIsOpenIsNeverTakenForAnEmptyOne() throws IOException {
        Stores stores = start();
        Store store = stores.add(asked(DATA, root)).entry().store();
        Volume volume = store.createVolume(SHOP, VolumeSpec.unlimited());
        volume.snapshot(SnapshotRequest.labelled("one"));
        unmount();
        Files.createDirectories(root.resolve(".sand/snapshots/shop"));

        assertThat(state(stores)).isEqualTo(StoreEntry.State.DEGRADED);
        assertRefused(ErrorCode.IO_FAILED, "another filesystem", volume::snapshots);
        assertRefused(ErrorCode.IO_FAILED, "another filesystem", () -> volume.removeSnapshot(volume.label("one")));
        assertRefused(
                ErrorCode.IO_FAILED,
                "another filesystem",
                () -> store.createVolume(VolumeName.of("new"), VolumeSpec.unlimited()));
        assertRefused(ErrorCode.IO_FAILED, "another filesystem", () -> store.removeVolume(SHOP));
        Files.delete(root.resolve(".sand/snapshots/shop"));
        Files.delete(root.resolve(".sand/snapshots"));
        Files.delete(root.resolve(".sand"));
        assertRefused(ErrorCode.IO_FAILED, "gone or not mounted", volume::snapshots);
        assertThat(root).isEmptyDirectory();

        mount();
        assertThat(volume.snapshots()).singleElement().matches(Snapshot::valid);
        assertThat(stores.entry(DATA).problem().orElseThrow()).contains("opened anew");
        stores.reopenTroubled();
        assertThat(state(stores)).isEqualTo(StoreEntry.State.OPEN);
        assertThat(stores.store(DATA).volume(SHOP).snapshots()).singleElement().matches(Snapshot::valid);
    }

    private static void assertRefused(ErrorCode code, String why, ThrowingCallable call) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(call)
                .withMessageContaining(why)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
