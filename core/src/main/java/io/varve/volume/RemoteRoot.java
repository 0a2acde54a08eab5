package io.varve.volume;

import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.registry.OpenStore;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A root behind which a server stands that may not answer. A call into such a filesystem cannot be relied on to end, not
 * with every mount option there is (an open of NFS 4 waits until the server is back), and a thread in it cannot be stopped.
 * So work is done in threads of its own: whoever waits for it is told after a while, and it ends when the server answers.
 * Thread-safe.
 */
final class RemoteRoot {
    private static final Duration GLANCE = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Path root;
    private final Clock clock;
    private final Supplier<StoreHealth> probe;
    private CompletableFuture<StoreHealth> asked = CompletableFuture.completedFuture(new StoreHealth(Optional.empty()));
    private volatile long answered = System.nanoTime();
    private volatile Instant answeredAt;

    /** @param probe looks at the root, and may take for ever */
    RemoteRoot(Path root, Clock clock, Supplier<StoreHealth> probe) {
        this.root = root;
        this.clock = clock;
        this.probe = probe;
        this.answeredAt = clock.instant();
    }

    /** That of a store; empty where no server is behind it. */
    static Optional<RemoteRoot> of(OpenStore open, Clock clock) {
        Path root = open.layout().root();
        try {
            return MountTable.read()
                    .holding(root.toRealPath())
                    .filter(MountTable.Mount::isRemote)
                    .map(mount -> new RemoteRoot(root, clock, () -> StoreHealth.of(open)));
        } catch (IOException failure) {
            throw KernelException.storage("cannot look at '" + root + "'", failure);
        }
    }

    /** How the root is, within seconds. */
    StoreHealth look() {
        return look(GLANCE).orElseGet(this::silent);
    }

    private Optional<StoreHealth> look(Duration atMost) {
        try {
            return Optional.of(ask().get(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException silence) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
    }

    /** One looks for all. */
    private synchronized CompletableFuture<StoreHealth> ask() {
        if (asked.isDone()) {
            CompletableFuture<StoreHealth> answer = new CompletableFuture<>();
            asked = answer;
            Thread.ofPlatform().daemon().name("look-at-" + root).start(() -> answer(answer));
        }
        return asked;
    }

    private void answer(CompletableFuture<StoreHealth> answer) {
        try {
            StoreHealth health = probe.get();
            if (health.good()) {
                answered = System.nanoTime();
                answeredAt = clock.instant();
            }
            answer.complete(health);
        } catch (RuntimeException | Error bug) {
            answer.completeExceptionally(bug);
        }
    }

    private StoreHealth silent() {
        return new StoreHealth(Optional.of("the server of the root '" + root + "' has not answered since " + answeredAt
                + "; the store works again as soon as it does"));
    }

    /** @throws StorageException {@code IO_FAILED} where the server does not answer */
    void requireAnswer() {
        if (look(ANSWER).isEmpty()) {
            throw unanswered();
        }
    }

    private StorageException unanswered() {
        return new StorageException(ErrorCode.IO_FAILED, silent().problem().orElseThrow());
    }

    /**
     * Waits for work that is done in another thread; not for longer than the server is silent for {@code patience}.
     *
     * @param stop asks the work to end at its next look; called where nobody waits any more
     * @throws StorageException {@code IO_FAILED} where the server does not answer: what the work did then shows when it does
     */
    <T> T await(String what, Duration patience, Runnable stop, Supplier<T> work) {
        requireAnswer();
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread worker = Thread.ofPlatform().daemon().name(what).start(() -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException | Error failure) {
                done.completeExceptionally(failure);
            }
        });
        try {
            return await(done, patience, System.nanoTime());
        } catch (InterruptedException interrupted) {
            stop.run();
            worker.interrupt();
            Thread.currentThread().interrupt();
            throw new StorageException(ErrorCode.CANCELLED, what + " was interrupted", interrupted);
        } catch (TimeoutException silence) {
            stop.run();
            throw unanswered();
        }
    }

    private <T> T await(CompletableFuture<T> done, Duration patience, long begun)
            throws InterruptedException, TimeoutException {
        while (true) {
            try {
                return done.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException working) {
                boolean late = System.nanoTime() - Math.max(begun, answered) > patience.toNanos();
                if (late && look(GLANCE).isEmpty()) {
                    throw working;
                }
            } catch (ExecutionException failed) {
                throw thrown(Objects.requireNonNull(failed.getCause()));
            }
        }
    }

    private static RuntimeException thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }
}
