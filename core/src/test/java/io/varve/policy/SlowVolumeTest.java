package io.varve.policy;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** A volume that is slow or fails delays no other, and no step of a policy runs twice on one volume. */
@Timeout(60)
class SlowVolumeTest {
    @TempDir
    Path temp;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private PolicyStage stage;

    @BeforeEach
    void open() {
        stage = new PolicyStage(temp);
    }

    @AfterEach
    void close() {
        released.countDown();
        stage.close();
    }

    private void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void beSlowWith(String name) {
        stage.driver.atSnapshot((volume, label) -> {
            if (volume.value().equals(name)) {
                reached.countDown();
                await(released);
            }
        });
    }

    private static List<RunReport.Failure> failures(RunReport report, String volume) {
        return report.volumes().stream()
                .filter(each -> each.volume().value().equals(volume))
                .findFirst()
                .orElseThrow()
                .failures();
    }

    @Test
    void theOthersAreTakenWhileOneIsNotDone() throws InterruptedException {
        stage.volume("a-slow");
        Volume quick = stage.volume("b-quick");
        stage.put("p", PolicyStage.ALL + ",'keep':{'last':1}");
        beSlowWith("a-slow");
        CompletableFuture<RunReport> first = CompletableFuture.supplyAsync(() -> stage.runner.takeDue("p"));
        await(reached);
        while (PolicyStage.labels(quick).isEmpty()) {
            Thread.sleep(5);
        }

        stage.pass(Duration.ofHours(1));
        RunReport second = stage.runner.takeDue("p");

        assertThat(PolicyStage.labels(quick)).hasSize(2);
        assertThat(failures(second, "a-slow")).singleElement().satisfies(failure -> assertThat(failure.code())
                .isEqualTo(ErrorCode.BUSY));
        assertThat(failures(second, "b-quick")).isEmpty();
        released.countDown();
        assertThat(first.join().succeeded()).isTrue();
        stage.pass(Duration.ofHours(1));
        assertThat(stage.runner.takeDue("p").succeeded()).isTrue();
    }

    @Test
    void theNextSnapshotIsTakenWhilePruningGoesOn() {
        Volume volume = stage.volume("app");
        stage.put("p", PolicyStage.ALL + ",'keep':{'last':1},'brake':{'maxRemovePercent':100}");
        for (int i = 0; i < 3; i++) {
            stage.pass(Duration.ofHours(1));
            stage.runner.takeDue("p");
        }
        stage.driver.atRemoval((name, label) -> {
            stage.driver.atRemoval((any, other) -> {
                reached.countDown();
                await(released);
            });
        });
        CompletableFuture<RunReport> pruning = CompletableFuture.supplyAsync(() -> stage.runner.prune("p"));
        await(reached);
        // The second removal has the volume now; once it lets go, the snapshot is next, before any further removal.
        CompletableFuture<RunReport> taking = CompletableFuture.supplyAsync(() -> {
            stage.pass(Duration.ofHours(1));
            return stage.runner.takeDue("p");
        });
        released.countDown();

        assertThat(taking.join().succeeded()).isTrue();
        assertThat(pruning.join().succeeded()).isTrue();
        assertThat(PolicyStage.labels(volume)).hasSize(2);
    }

    @Test
    void whatFailsOnOneIsDoneOnTheOthers() {
        stage.volume("a-broken");
        Volume good = stage.volume("b-good");
        stage.put("p", PolicyStage.ALL + ",'keep':{'last':1}");
        stage.driver.atSnapshot((volume, label) -> {
            if (volume.value().equals("a-broken")) {
                throw new StorageException(ErrorCode.IO_FAILED, "the disk is on fire");
            }
        });

        RunReport report = stage.runner.takeDue("p");

        assertThat(failures(report, "a-broken")).singleElement().satisfies(failure -> assertThat(failure.detail())
                .contains("on fire"));
        assertThat(PolicyStage.labels(good)).hasSize(1);
    }

    @Test
    void evenManySlowOnesAreOvertaken() {
        VolumeWork work = new VolumeWork(Duration.ofMillis(50));
        List<Volume> volumes = IntStream.range(0, 3 * VolumeWork.AT_ONCE)
                .mapToObj(i -> stage.volume("v" + i))
                .toList();
        Volume last = volumes.getLast();

        List<String> done = work.each(volumes, volume -> {
            if (volume.equals(last)) {
                released.countDown();
            }
            await(released);
            return volume.name().value();
        });

        assertThat(done)
                .isEqualTo(volumes.stream().map(each -> each.name().value()).toList());
    }
}
