package io.varve.volume;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What people see of a server that answers, falls silent and is back. */
@Timeout(60)
class RemoteRootTest {
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final CountDownLatch back = new CountDownLatch(1);
    private final AtomicBoolean silent = new AtomicBoolean();
    private final RemoteRoot root = new RemoteRoot(Path.of("/mnt/nas"), Clock.fixed(NOW, ZoneOffset.UTC), this::look);

    private StoreHealth look() {
        if (silent.get()) {
            awaitBack();
        }
        return new StoreHealth(Optional.empty());
    }

    private void awaitBack() {
        try {
            back.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @AfterEach
    void comeBack() {
        silent.set(false);
        back.countDown();
    }

    @Test
    void workIsDoneAndItsFailuresAreItsOwn() {
        assertThat(root.<String>await("work", PATIENCE, () -> {}, () -> "done")).isEqualTo("done");
        assertThatThrownBy(() -> root.await("work", PATIENCE, () -> {}, () -> {
                    throw new StorageException(ErrorCode.NO_SPACE, "full");
                }))
                .hasMessage("full");
        assertThatThrownBy(() -> root.await("work", PATIENCE, () -> {}, () -> {
                    throw new AssertionError("a bug");
                }))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void workThatTakesLongerThanThePatienceGoesOnWhileTheServerAnswers() {
        assertThat(root.<String>await("work", Duration.ofMillis(500), () -> {}, () -> {
                    try {
                        Thread.sleep(3_000);
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                    return "done";
                }))
                .isEqualTo("done");
    }

    @Test
    void whoWaitsForWorkThatNeverEndsIsToldAndTheWorkIsAskedToStop() {
        AtomicBoolean stopped = new AtomicBoolean();

        assertThatThrownBy(() -> root.await("work", PATIENCE, () -> stopped.set(true), () -> {
                    silent.set(true);
                    awaitBack();
                    return "late";
                }))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.IO_FAILED))
                .hasMessageContaining("'/mnt/nas' has not answered since 2026-11-27T10:00:00Z");
        assertThat(stopped).isTrue();
    }

    @Test
    void healthSaysWithinSecondsSinceWhenAndIsWellWhenTheServerIsBack() throws InterruptedException {
        assertThat(root.look().good()).isTrue();
        silent.set(true);
        assertThat(root.look().problem().orElseThrow()).contains("has not answered since 2026-11-27T10:00:00Z");
        assertThatThrownBy(root::requireAnswer).hasMessageContaining("works again as soon as it does");

        comeBack();
        Thread.sleep(200);
        assertThat(root.look().good()).isTrue();
    }
}
