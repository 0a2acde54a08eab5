package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is in the pool, block by block, read from its metadata while it goes on. In a large pool that takes seconds, so
 * figures are kept and have an age. Any thread.
 *
 * <p>No snapshot of the metadata is taken for it: the kernel writes its place into the superblock before what counts its
 * blocks, and a power cut between the two damages the pool.
 */
final class PoolContents implements AutoCloseable {
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMillis(50);
    private static final int ATTEMPTS = 10;

    private final ThinPools pool;
    private final ReentrantLock reading = new ReentrantLock();
    private Optional<FutureTask<Figures>> underWay = Optional.empty();
    private Optional<Figures> latest = Optional.empty();
    private volatile boolean closed;

    PoolContents(ThinPools pool) {
        this.pool = pool;
    }

    /**
     * What the snapshots of volumes have.
     *
     * @param at by {@link System#nanoTime}
     * @param snapshotBytes what a volume's snapshots have and no head has; volumes without snapshots may be missing
     */
    record Figures(long at, Map<VolumeName, Long> snapshotBytes) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - at);
        }
    }

    /** What is done with the metadata; it may be done again, and may fail where the pool went on. */
    private interface Reading<T> {
        T read(ThinMetadata metadata) throws IOException;
    }

    private <T> T read(Reading<T> what) throws IOException {
        reading.lock();
        try {
            if (closed) {
                throw new CancellationException("the store is being closed");
            }
            return readWhole(what);
        } finally {
            reading.unlock();
        }
    }

    /** The pool begins a transaction a second where it is written to, and one for each thing that is made in it. */
    private <T> T readWhole(Reading<T> what) throws IOException {
        IOException last = new IOException("the pool is changed faster than its metadata can be read; try again later");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            pool.commit();
            try (ThinMetadata metadata = ThinMetadata.open(pool.metadataNode())) {
                try {
                    T result = what.read(metadata);
                    if (metadata.isStill()) {
                        return result;
                    }
                } catch (IOException failure) {
                    if (metadata.isStill()) {
                        throw failure;
                    }
                }
            }
        }
        throw last;
    }

    /** The numbers of the devices in the pool. */
    Set<Integer> devices() throws IOException {
        return read(metadata -> Set.copyOf(metadata.devices().keySet()));
    }

    private BlockOwners owners(ThinMetadata metadata) throws IOException {
        return new BlockOwners(metadata, () -> closed);
    }

    /** Bytes that one device alone has. May take seconds. */
    long exclusive(Entry entry) throws IOException {
        long blocks = read(metadata -> owners(metadata).exclusive(entry.id()));
        return blocks * pool.blockSize();
    }

    private Figures figures(Collection<VolumeDevices> volumes) throws IOException {
        long now = System.nanoTime();
        long blockSize = pool.blockSize();
        Map<VolumeName, Long> bytes = new HashMap<>();
        return read(metadata -> {
            BlockOwners owners = owners(metadata);
            Set<Integer> others = new HashSet<>(owners.devices());
            volumes.forEach(volume -> others.removeAll(snapshots(volume)));
            BitSet elsewhere = owners.blocks(others);
            for (VolumeDevices volume : volumes) {
                BitSet held = owners.blocks(snapshots(volume));
                held.andNot(elsewhere);
                bytes.put(volume.name(), held.cardinality() * blockSize);
            }
            return new Figures(now, bytes);
        });
    }

    private static List<Integer> snapshots(VolumeDevices volume) {
        return volume.entries().stream()
                .filter(entry -> entry.role() instanceof Role.Snapshot)
                .map(Entry::id)
                .toList();
    }

    /**
     * The figures, as they are now where the pool is small enough, else as they were before, which another thread goes on
     * to renew; empty until they are known for the first time.
     *
     * @throws IOException where the metadata cannot be read
     */
    Optional<Figures> figuresSoon(Collection<VolumeDevices> volumes) throws IOException {
        Optional<Figures> before = fresh();
        if (before.isPresent()) {
            return before;
        }
        try {
            return keep(renewal(volumes).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException later) {
            return known();
        } catch (CancellationException closing) {
            return known();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return known();
        } catch (ExecutionException failure) {
            forgetRenewal();
            throw new IOException(failure.getCause());
        }
    }

    private synchronized Optional<Figures> known() {
        return latest;
    }

    private synchronized Optional<Figures> fresh() {
        return latest.filter(figures -> figures.age().compareTo(FRESH) < 0);
    }

    private synchronized Optional<Figures> keep(Figures figures) {
        latest = Optional.of(figures);
        underWay = Optional.empty();
        return latest;
    }

    private synchronized void forgetRenewal() {
        underWay = Optional.empty();
    }

    private synchronized FutureTask<Figures> renewal(Collection<VolumeDevices> volumes) {
        if (underWay.isEmpty()) {
            FutureTask<Figures> task = new FutureTask<>(() -> figures(volumes));
            underWay = Optional.of(task);
            Thread.ofPlatform().daemon().name("varve-pool-contents").start(task);
        }
        return underWay.get();
    }

    /** Ends a reading that is under way. */
    @Override
    public void close() {
        closed = true;
        reading.lock();
        try {
            forgetRenewal();
        } finally {
            reading.unlock();
        }
    }
}
