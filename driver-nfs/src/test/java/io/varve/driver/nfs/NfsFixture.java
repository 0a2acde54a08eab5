package io.varve.driver.nfs;

import io.varve.conformance.CrashPoints;
import io.varve.conformance.DriverFixture;
import io.varve.conformance.MortalDirectories;
import io.varve.linux.Mounts;
import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stores in directories of what the other host shares, mounted by the administrator of this one. It shares an ext4, whose
 * files it copies, and a btrfs, whose files it lets share their data, in turn.
 */
final class NfsFixture implements DriverFixture {
    private static final long LARGE = 4L << 30;
    private static final long SMALL = 64L << 20;

    private final MortalProvider provider = new MortalProvider();
    private final Deque<Path> mounts = new ArrayDeque<>();
    private final List<Path> large = List.of(mount("ext4", LARGE), mount("btrfs", LARGE));
    private final AtomicInteger next = new AtomicInteger();

    private Path mount(String filesystem, long bytes) {
        try {
            NfsServer.Share share = NfsServer.share(UUID.randomUUID().toString(), filesystem, bytes);
            Path point = Files.createTempDirectory("varve-nfs-");
            String options = "softerr,timeo=50,retrans=2,retry=0,vers=4.2";
            NfsServer.run(List.of("mount.nfs", share.source(), point.toString(), "-o", options));
            mounts.push(point);
            return point;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public DriverProvider provider() {
        return provider;
    }

    @Override
    public Path newRoot() {
        try {
            return Files.createTempDirectory(large.get(next.getAndIncrement() % large.size()), "root");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Optional<Path> newSmallRoot() {
        return Optional.of(mount("ext4", SMALL).resolve("root"));
    }

    @Override
    public List<Path> stagingPlaces(StoreLayout layout) {
        return MortalDirectories.stagingPlaces(layout);
    }

    @Override
    public Optional<CrashPoints> crashPoints() {
        return Optional.of(provider);
    }

    /** Each one starts rsync. */
    @Override
    public int manySnapshots() {
        return 40;
    }

    @Override
    public void close() {
        mounts.forEach(point -> {
            try {
                Mounts.detach(point);
                Files.delete(point);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }
}
