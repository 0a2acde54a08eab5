package io.varve.driver.nfs;

import io.varve.linux.MountTable;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.StoreEntry;
import io.varve.volume.Volume;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A store whose root the appliance mounts itself, and what people are told where it cannot. */
@RequiresNfs
class NfsMountTest {
    private static final long SIZE = 256L << 20;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    private final NfsServer.Share share = NfsServer.disk(UUID.randomUUID().toString(), "ext4", SIZE);
    private NfsAppliance appliance;
    private Path root;

    @BeforeEach
    void start() {
        root = directory.resolve("root");
        appliance = NfsAppliance.start(directory.resolve("state"));
    }

    @AfterEach
    void stop() {
        appliance.close();
    }

    private void restart() {
        appliance.close();
        appliance = NfsAppliance.start(directory.resolve("state"));
    }

    private static boolean isMounted(Path root) throws IOException {
        return MountTable.read().mounts().stream()
                .anyMatch(mount -> mount.point().equals(root));
    }

    private void open(Map<String, String> more) {
        share.offer("rw", "no_root_squash");
        appliance.add(root, NfsAppliance.options(share, more));
    }

    @Test
    void theRootIsThereWhileTheStoreIsOpenAndEmptyAfterwards() throws IOException {
        open(Map.of());
        Volume shop = appliance.make();
        Files.writeString(shop.path().resolve("file"), "before");
        appliance.snapshot("one");
        Files.writeString(shop.path().resolve("file"), "after");
        appliance.rollback("one");
        assertThat(shop.path().resolve("file")).hasContent("before");
        assertThat(share.there().resolve("shop/file")).hasContent("before");

        appliance.close();
        assertThat(isMounted(root)).isFalse();
        assertThat(root).isEmptyDirectory();

        appliance = NfsAppliance.start(directory.resolve("state"));
        assertThat(appliance.shop().path().resolve("file")).hasContent("before");
        assertThat(appliance.shop().snapshots()).hasSize(2);
    }

    @Test
    void whatIsRemovedAndStillOpenIsInNoSnapshot() throws IOException {
        open(Map.of());
        Path head = appliance.make().path();
        Path file = Files.writeString(head.resolve("file"), "removed");
        Files.writeString(head.resolve("other"), "there");
        try (var reading = Files.newInputStream(file)) {
            Files.delete(file);
            appliance.snapshot("one");
            Files.writeString(head.resolve("other"), "changed");
            appliance.snapshot("two");
            assertThat(reading.readAllBytes()).hasSize("removed".length());
        }

        for (String label : List.of("one", "two")) {
            try (var names = Files.list(appliance.shop().path(SnapshotLabel.of(label)))) {
                assertThat(names)
                        .extracting(Path::getFileName)
                        .extracting(Path::toString)
                        .containsExactly("other");
            }
        }
    }

    @Test
    void whoUsesTheRootKeepsItAndTheNextStartTakesItOver() throws IOException {
        open(Map.of());
        Path file = Files.writeString(appliance.make().path().resolve("file"), "open");
        try (var reading = Files.newInputStream(file)) {
            restart();
            assertThat(new String(reading.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("open");
        }
        assertThat(appliance.condition().state()).isEqualTo(StoreEntry.State.OPEN);
        appliance.close();
        assertThat(isMounted(root)).isFalse();
    }

    @Test
    void theStatusTellsWhatTheMountIsAndLacks() {
        open(Map.of("nfs.version", "4.1"));

        assertThat(appliance.store().status().data())
                .containsEntry("NfsSource", share.source())
                .containsEntry("NfsVersion", "4.1")
                .containsEntry("NfsAttributes", "none before version 4.2")
                .containsEntry("NfsDeadServer", "most calls fail after a while");
    }

    @ParameterizedTest
    @CsvSource({"btrfs, shared extents", "ext4, by the server"})
    void theServerCopiesLargeFiles(String filesystem, String means) throws IOException {
        NfsServer.Share large = NfsServer.share(UUID.randomUUID().toString(), filesystem, 1L << 30);
        appliance.add(root, NfsAppliance.options(large, Map.of()));
        assertThat(appliance.store().status().data()).containsEntry("DataCopied", means);
        byte[] content = new byte[48 << 20];
        new Random(1).nextBytes(content);
        Path file = Files.write(appliance.make().path().resolve("file"), content);
        long before = NfsServer.bytesSent();

        appliance.snapshot("one");
        Files.writeString(file, "after");
        appliance.rollback("one");

        assertThat(NfsServer.bytesSent() - before)
                .as("bytes that went over the cable")
                .isLessThan(content.length / 4);
        assertThat(Files.mismatch(file, Files.write(directory.resolve("same"), content)))
                .isEqualTo(-1);
    }

    @Test
    void aServerThatIsDownAtTheStartIsSaidAndConnectedLater() throws InterruptedException {
        open(Map.of());
        appliance.make();
        NfsServer.kill();
        try {
            appliance.close();
            appliance = NfsAppliance.start(directory.resolve("state"));
            assertThat(appliance.condition().state()).isEqualTo(StoreEntry.State.CLOSED);
            assertThat(appliance.condition().problem().orElseThrow())
                    .contains(share.source(), "does not answer; it is tried again until it does");
        } finally {
            NfsServer.restart();
        }
        for (int i = 0; i < 30 && !appliance.stores().retryClosed().isEmpty(); i++) {
            Thread.sleep(1_000);
        }
        assertThat(appliance.condition().problem()).isEmpty();
        assertThat(appliance.shop().path()).isDirectory();
    }

    @Test
    void whatTheServerNoLongerSharesIsSaidAndWorksAgainWhenItDoes() throws IOException, InterruptedException {
        open(Map.of());
        appliance.make();
        appliance.snapshot("one");
        share.withdraw();
        NfsServer.onServer("exportfs", "-f");
        assertThatThrownBy(() -> appliance.snapshot("two")).isInstanceOf(StorageException.class);
        assertThat(appliance.condition().state()).isEqualTo(StoreEntry.State.DEGRADED);

        share.offer("rw", "no_root_squash");
        Thread.sleep(2_000);
        appliance.stores().reopenTroubled();
        assertThat(appliance.condition().problem()).isEmpty();
        appliance.snapshot("two");
        assertThat(appliance.shop().snapshots()).hasSize(2);
        assertThat(appliance.shop().path(SnapshotLabel.of("two"))).isDirectory();
    }

    @Test
    void aPathThatIsNotSharedIsRefused() {
        assertRefused(
                ErrorCode.BAD_MOUNT,
                "the server shares no such path",
                Map.of("nfs.path", "/none", "nfs.version", "4.2"));
        assertRefused(ErrorCode.PERMISSION_DENIED, "or does not share such a path", Map.of("nfs.path", "/none"));
    }

    @Test
    void aHostThatMayNotHaveItIsRefused() {
        NfsServer.onServer("exportfs", "-o", "rw,no_subtree_check", "10.99.99.99:" + share.path());
        assertRefused(ErrorCode.PERMISSION_DENIED, "does not let this host have it", Map.of("nfs.version", "3"));
    }

    @Test
    void aHostWhoseRootIsNobodyIsRefused() {
        share.offer("rw", "root_squash");
        assertRefused(ErrorCode.PERMISSION_DENIED, "root_squash", Map.of());
    }

    @Test
    void aReadOnlyShareIsRefused() {
        share.offer("ro", "no_root_squash");
        assertRefused(ErrorCode.PERMISSION_DENIED, "share it for writing", Map.of());
    }

    @Test
    void aVersionThatTheServerDoesNotOfferIsRefused() {
        share.offer("rw", "no_root_squash");
        NfsServer.onServer("rpc.nfsd", "0");
        NfsServer.onServer("rpc.nfsd", "--no-nfs-version", "3", "4");
        try {
            assertRefused(ErrorCode.OPTION_INVALID, "choose another nfs.version", Map.of("nfs.version", "3"));
        } finally {
            NfsServer.onServer("rpc.nfsd", "0");
            NfsServer.onServer("rpc.nfsd", "--nfs-version", "3", "4");
        }
    }

    @Test
    void anOptionThatTheMountDoesNotKnowIsRefused() {
        share.offer("rw", "no_root_squash");
        assertRefused(ErrorCode.OPTION_INVALID, "nfs.options", Map.of("nfs.options", "nonsense=3"));
    }

    private void assertRefused(ErrorCode code, String reason, Map<String, String> more) {
        ThrowingCallable adding = () -> appliance.add(root, NfsAppliance.options(share, more));

        assertThatThrownBy(adding)
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(Optional.of(refusal.code()))
                        .contains(code))
                .hasMessageContaining(reason);
        assertThat(root).doesNotExist();
        assertThat(appliance.stores().entries()).isEmpty();
    }
}
