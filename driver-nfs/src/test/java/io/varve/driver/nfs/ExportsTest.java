package io.varve.driver.nfs;

import io.varve.driver.btrfs.BtrfsDriverProvider;
import io.varve.linux.Mounts;
import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.share.Client;
import io.varve.share.Export;
import io.varve.share.ExportBook;
import io.varve.share.Exports;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Event;
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
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Volumes of a store on btrfs, used on another host: the appliance is on the server, these tests' mounts on the client. */
@RequiresNfs
class ExportsTest {
    private static final StoreName DATA = StoreName.of("data");
    private static final VolumeName SHOP = VolumeName.of("shop");
    private static final VolumeName OTHER = VolumeName.of("other");

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    private final List<Path> mounts = new ArrayList<>();
    private Path root;
    private Stores stores;
    private Exports exports;

    @BeforeEach
    void start() throws IOException {
        root = NfsServer.sharedInPlace(directory, "btrfs", 512L << 20).resolve("store");
        Clock clock = Clock.systemUTC();
        Operations operations = new Operations(clock, event -> listeners.forEach(listener -> listener.accept(event)));
        Surroundings surroundings = new Surroundings(clock, operations, Duration.ofSeconds(20), Duration.ofHours(1));
        DriverRegistry drivers = new DriverRegistry();
        drivers.register(new BtrfsDriverProvider(), DriverEntry.Source.BUILT_IN);
        stores = new Stores(drivers, surroundings, new StoreBook(directory.resolve("stores")));
        stores.add(new StoreDefinition(DATA, Optional.of(DriverType.of("btrfs")), root, Map.of(), false));
        begin();
        volume(SHOP, "before");
        volume(OTHER, "other");
    }

    private void begin() {
        listeners.clear();
        exports = new Exports(
                stores,
                new ExportBook(directory.resolve("exports")),
                new io.varve.share.NfsServer(exportsDirectory(), NfsServer.entering()));
        listeners.add(exports::note);
        stores.onChange(exports::follow);
        exports.begin(damaged -> {
            throw new AssertionError(damaged);
        });
    }

    private Path exportsDirectory() {
        return directory.resolve("exports.d");
    }

    @AfterEach
    void stop() throws IOException {
        for (Path mount : mounts) {
            Mounts.detach(mount);
        }
        stores.close();
    }

    private void volume(VolumeName name, String text) throws IOException {
        Volume volume = stores.store(DATA).createVolume(name, VolumeSpec.unlimited());
        Files.writeString(volume.path().resolve("file"), text);
        volume.snapshot(SnapshotRequest.labelled("one"));
    }

    private Volume shop() {
        return stores.store(DATA).volume(SHOP);
    }

    private Export export(VolumeName volume, String... clients) {
        List<Client> all = List.of(clients).stream().map(Client::new).toList();
        return new Export("", DATA, Optional.of(volume), all, false, false);
    }

    private String share(VolumeName volume) {
        return exports.add(export(volume, NfsServer.client()))
                .condition()
                .export()
                .id();
    }

    /** Mounts a volume on the client, which believes what it knows for a second. */
    private Path mount(VolumeName volume) throws IOException {
        Path point = Files.createDirectories(directory.resolve("client-" + volume + mounts.size()));
        NfsServer.run(List.of(
                "mount.nfs",
                NfsServer.address() + ":" + root.resolve(volume.value()),
                point.toString(),
                "-o",
                "vers=3,nolock,softerr,timeo=20,retrans=2,retry=0,actimeo=1"));
        mounts.add(point);
        return point;
    }

    private static void await(Path file, String text) throws IOException, InterruptedException {
        for (int i = 0; i < 30 && !Files.readString(file).equals(text); i++) {
            Thread.sleep(200);
        }
        assertThat(file).hasContent(text);
    }

    @Test
    void aVolumeIsUsedOnTheOtherHostAndSeesARollback() throws IOException, InterruptedException {
        share(SHOP);
        Path there = mount(SHOP);
        assertThat(there.resolve("file")).hasContent("before");
        Files.writeString(there.resolve("file"), "after");
        assertThat(shop().path().resolve("file")).hasContent("after");

        shop().rollback(SnapshotLabel.of("one"));

        await(there.resolve("file"), "before");
        Files.writeString(there.resolve("file"), "again");
        assertThat(shop().path().resolve("file")).hasContent("again");
    }

    @Test
    void whoHasAFileOpenWhileItIsRolledBackIsToldAndOthersNoticeNothing() throws IOException, InterruptedException {
        share(SHOP);
        share(OTHER);
        Path mine = mount(SHOP);
        Path others = mount(OTHER);
        try (RandomAccessFile old = new RandomAccessFile(mine.resolve("file").toFile(), "rw");
                RandomAccessFile other =
                        new RandomAccessFile(others.resolve("file").toFile(), "rw")) {
            shop().rollback(SnapshotLabel.of("one"));
            Thread.sleep(1_500);

            assertThatIOException()
                    .isThrownBy(() -> {
                        old.write(1);
                        old.getFD().sync();
                    })
                    .withMessageContaining("Stale file handle");
            other.write('O');
            other.getFD().sync();
        }
        assertThat(stores.store(DATA).volume(OTHER).path().resolve("file")).hasContent("Other");
        String undo = shop().snapshots().getLast().record().label().value();
        assertThat(shop().path(SnapshotLabel.of(undo)).resolve("file")).hasContent("before");
    }

    @Test
    void itSurvivesARestartWithoutItsClientsNoticing() throws IOException {
        share(SHOP);
        Path there = mount(SHOP);
        try (RandomAccessFile open = new RandomAccessFile(there.resolve("file").toFile(), "rw")) {
            begin();
            NfsServer.onServer("exportfs", "-f");
            open.write('B');
            open.getFD().sync();
        }
        assertThat(shop().path().resolve("file")).hasContent("Before");
        assertThat(exports.of(DATA))
                .singleElement()
                .matches(condition -> condition.problem().isEmpty());
    }

    @Test
    void whatIsRemovedIsSharedNoMore() throws IOException, InterruptedException {
        String id = share(SHOP);
        Path there = mount(SHOP);
        assertThat(exportsDirectory().resolve("varve-data.exports"))
                .content()
                .contains(root + "/shop " + NfsServer.client() + "(rw,sync,no_root_squash,subtree_check,fsid=");

        exports.remove(DATA, id);
        exports.remove(DATA, id);

        assertThat(exports.of(DATA)).isEmpty();
        assertThat(exportsDirectory()).isEmptyDirectory();
        Thread.sleep(1_500);
        assertThatIOException().isThrownBy(() -> Files.readString(there.resolve("file")));
    }

    @Test
    void itGoesWithItsVolume() {
        share(SHOP);
        share(OTHER);

        stores.store(DATA).removeVolume(SHOP);

        assertThat(exports.of(DATA))
                .singleElement()
                .extracting(condition -> condition.export().volume().orElseThrow())
                .isEqualTo(OTHER);
    }

    @Test
    void theSameAgainIsTheSameAndAnotherWayIsRefused() {
        String id = share(SHOP);

        Exports.Addition again = exports.add(export(SHOP, NfsServer.client()));
        assertThat(again.created()).isFalse();
        assertThat(again.condition().export().id()).isEqualTo(id);
        assertThatThrownBy(() -> exports.add(export(SHOP, NfsServer.client(), "10.1.0.0/16")))
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.REQUEST_INVALID))
                .hasMessageContaining(id);
    }
}
