package io.varve.driver.nfs;

import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Snapshot;
import io.varve.volume.StoreEntry;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The server dies, or the cable is cut, in the midst of work, and comes back. {@code -Dvarve.nfs.rounds=20} */
@RequiresNfs
class NfsTroubleTest {
    private static final int ROUNDS = Integer.getInteger("varve.nfs.rounds", 1);
    private static final long SEED = Long.getLong("varve.seed", 20261127L);
    private static final int FILES = 200;
    private static final int FILE_SIZE = 50_000;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);

    enum Fault {
        KILLED,
        CUT;

        void begin() {
            switch (this) {
                case KILLED -> NfsServer.kill();
                case CUT -> NfsServer.cable("down");
            }
        }

        void end() {
            switch (this) {
                case KILLED -> NfsServer.restart();
                case CUT -> NfsServer.cable("up");
            }
        }
    }

    enum Task {
        WRITE,
        SNAPSHOT,
        ROLLBACK
    }

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    private final Random random = new Random(SEED);
    private final Map<String, String> contents = new HashMap<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final NfsServer.Share share = NfsServer.share(UUID.randomUUID().toString(), "ext4", 1L << 30);
    private NfsAppliance appliance;

    @BeforeEach
    void open() throws IOException {
        appliance = NfsAppliance.start(directory.resolve("state"));
        appliance.add(directory.resolve("root"), NfsAppliance.options(share, Map.of()));
        Volume shop = appliance.make();
        fill(shop.head(), "base");
        appliance.snapshot("base");
        contents.put("base", "base");
        acknowledged.add("base");
    }

    @AfterEach
    void close() {
        appliance.close();
    }

    /** Each file begins with the text, so that a tree tells which one it is. */
    private static void fill(Path tree, String text) throws IOException {
        byte[] content = (text + "\n" + "x".repeat(FILE_SIZE)).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < FILES; i++) {
            Files.write(tree.resolve("file-" + i), content);
        }
    }

    private static Set<String> texts(Path tree) throws IOException {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < FILES; i++) {
            byte[] content = Files.readAllBytes(tree.resolve("file-" + i));
            texts.add(
                    content.length < FILE_SIZE
                            ? "torn"
                            : new String(content, StandardCharsets.UTF_8)
                                    .lines()
                                    .findFirst()
                                    .orElse("empty"));
        }
        return texts;
    }

    @ParameterizedTest
    @Timeout(3600)
    @CsvSource({"KILLED,WRITE", "KILLED,SNAPSHOT", "KILLED,ROLLBACK", "CUT,WRITE", "CUT,SNAPSHOT", "CUT,ROLLBACK"})
    void whateverItIsInTheMidstOfEndsInTimeAndIsWholeOrNotThere(Fault fault, Task task) throws Exception {
        long usual = usualMilliseconds(task);
        int done = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            done += round(fault, task, "round-" + round, random.nextLong(usual)) ? 1 : 0;
        }
        System.out.println(fault + " in the midst of " + task + ": " + done + " of " + ROUNDS + " came through");
    }

    /** How long it takes where nothing is in the way. */
    private long usualMilliseconds(Task task) throws IOException {
        fill(appliance.shop().head(), "usual");
        contents.put("usual", "usual");
        Instant begun = Instant.now();
        assertThat(attempt(task, appliance.shop(), "usual")).isTrue();
        return Math.max(1, Duration.between(begun, Instant.now()).toMillis());
    }

    private boolean round(Fault fault, Task task, String label, long delay) throws Exception {
        Volume shop = appliance.shop();
        fill(shop.head(), label);
        contents.put(label, label);
        CompletableFuture<Boolean> work = CompletableFuture.supplyAsync(() -> attempt(task, shop, label));
        TimeUnit.MILLISECONDS.sleep(delay);
        Instant begun = Instant.now();
        fault.begin();
        try {
            requireToldOf(work, task);
        } finally {
            fault.end();
        }
        boolean through = await(work, task);
        System.out.println(fault + " " + task + " " + label + ": " + (through ? "came through" : "failed") + " after "
                + Duration.between(begun, Instant.now()).toMillis() + " ms");
        awaitSettled();
        if (through && task != Task.WRITE) {
            acknowledged.add(task == Task.SNAPSHOT ? label : "base");
        }
        audit(task, label, through);
        return through;
    }

    /**
     * While the server is away, the appliance's own calls end and its health tells; what a program itself writes may wait
     * in the kernel.
     */
    private void requireToldOf(CompletableFuture<Boolean> work, Task task) throws Exception {
        if (task != Task.WRITE) {
            await(work, task);
        }
        Instant begun = Instant.now();
        assertThat(appliance.condition().state()).isEqualTo(StoreEntry.State.DEGRADED);
        assertThat(Duration.between(begun, Instant.now()))
                .as("looking at the health")
                .isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(() -> appliance.snapshot("meanwhile"))
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.IO_FAILED));
    }

    private static boolean await(CompletableFuture<Boolean> work, Task task)
            throws InterruptedException, ExecutionException {
        try {
            return work.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError(task + " did not end within " + LONGEST, late);
        }
    }

    private boolean attempt(Task task, Volume shop, String label) {
        try {
            switch (task) {
                case WRITE -> fill(shop.head(), label);
                case SNAPSHOT -> appliance.snapshot(label);
                case ROLLBACK -> appliance.rollback("base");
            }
            return true;
        } catch (IOException deadServer) {
            return false;
        } catch (StorageException failure) {
            assertThat(failure.code()).as(failure.toString()).isIn(ErrorCode.IO_FAILED, ErrorCode.COMMAND_FAILED);
            return false;
        }
    }

    /** As the appliance does it every few seconds. */
    private void awaitSettled() throws InterruptedException {
        long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
        while (System.nanoTime() < end) {
            appliance.stores().reopenTroubled();
            appliance.stores().retryClosed();
            if (appliance.condition().state() == StoreEntry.State.OPEN) {
                return;
            }
            TimeUnit.SECONDS.sleep(1);
        }
        assertThat(appliance.condition()).isEqualTo(new StoreEntry.Condition(StoreEntry.State.OPEN, Optional.empty()));
    }

    private void audit(Task task, String label, boolean through) throws IOException {
        Volume shop = appliance.shop();
        List<String> labels = new ArrayList<>();
        for (Snapshot snapshot : shop.snapshots()) {
            labels.add(snapshot.record().label().value());
            assertThat(snapshot.valid()).as(labels.getLast()).isTrue();
            requireWhole(shop, snapshot.record().label());
        }
        assertThat(labels).containsAll(acknowledged);
        assertThat(there(shop)).as("what the server has").containsExactlyInAnyOrderElementsOf(labels);
        if (task == Task.ROLLBACK) {
            assertThat(texts(shop.head())).as("the head").containsExactly(through ? "base" : headOf(shop, label));
        }
    }

    /** A rollback that failed may have happened or not, but not half. */
    private static String headOf(Volume shop, String label) throws IOException {
        return texts(shop.head()).contains("base") ? "base" : label;
    }

    private void requireWhole(Volume shop, SnapshotLabel label) throws IOException {
        Set<String> texts = texts(shop.path(label));
        assertThat(texts).as("snapshot " + label).hasSize(1);
        if (contents.containsKey(label.value())) {
            assertThat(texts).containsExactly(contents.get(label.value()));
        }
    }

    private List<String> there(Volume shop) {
        Path snapshots =
                share.there().resolve(".nfs/snapshots").resolve(shop.name().value());
        try (var names = Files.list(snapshots)) {
            return names.map(path -> path.getFileName().toString()).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
