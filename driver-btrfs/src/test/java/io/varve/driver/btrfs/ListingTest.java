package io.varve.driver.btrfs;

import io.varve.spi.SnapshotLabel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

@RequiresBtrfs
class ListingTest {
    private static final SnapshotLabel STRANGER = SnapshotLabel.of("stranger");

    private BtrfsFilesystem filesystem;
    private TestStore store;
    private Path directory;
    private final AtomicInteger namesRead = new AtomicInteger();
    private Listing<SnapshotLabel> listing;

    @BeforeEach
    void openStore() throws IOException {
        filesystem = BtrfsFilesystem.make();
        store = new TestStore(filesystem.path().resolve("store"));
        directory = Files.createDirectory(filesystem.path().resolve("kept"));
        listing = new Listing<>(StoreRoot.open(store.layout), directory, name -> {
            namesRead.incrementAndGet();
            return Stream.of(SnapshotLabel.of(name));
        });
    }

    @AfterEach
    void removeFilesystem() throws IOException {
        filesystem.close();
    }

    private void make(SnapshotLabel label) throws IOException {
        store.raw.create(directory.resolve(label.value()));
    }

    private void makeAndTell(SnapshotLabel label) throws IOException {
        make(label);
        listing.added(label, label.value());
    }

    private void removeAndTell(SnapshotLabel label) throws IOException {
        store.raw.delete(directory.resolve(label.value()));
        listing.removed(label, label.value());
    }

    @Test
    void whatTheWriterDoesIsKnownWithoutReadingTheDirectoryAgain() throws IOException {
        make(STRANGER);
        assertThat(listing.values()).containsExactly(STRANGER);
        Set<SnapshotLabel> expected = new HashSet<>(Set.of(STRANGER));
        for (int i = 0; i < 20; i++) {
            SnapshotLabel label = SnapshotLabel.of("ü" + "x".repeat(i));
            makeAndTell(label);
            expected.add(label);
            assertThat(listing.values()).isEqualTo(expected);
        }
        for (SnapshotLabel label : Set.copyOf(expected)) {
            removeAndTell(label);
            expected.remove(label);
            assertThat(listing.values()).isEqualTo(expected);
        }
        assertThat(namesRead).hasValue(1);
    }

    @Test
    void whatOthersDoBesideTheWriterIsSeenToo() throws IOException {
        makeAndTell(TestStore.ONE);
        assertThat(listing.values()).containsExactly(TestStore.ONE);

        make(STRANGER);
        makeAndTell(TestStore.TWO);
        assertThat(listing.values()).containsExactlyInAnyOrder(TestStore.ONE, TestStore.TWO, STRANGER);

        store.raw.delete(directory.resolve(STRANGER.value()));
        removeAndTell(TestStore.ONE);
        assertThat(listing.values()).containsExactly(TestStore.TWO);
    }

    @Test
    void anotherDirectoryInItsPlaceIsReadAnew() throws IOException {
        makeAndTell(TestStore.ONE);
        assertThat(listing.values()).containsExactly(TestStore.ONE);

        Files.move(directory, directory.resolveSibling("before"));
        Files.createDirectory(directory);
        makeAndTell(TestStore.TWO);

        assertThat(listing.values()).containsExactly(TestStore.TWO);
    }
}
