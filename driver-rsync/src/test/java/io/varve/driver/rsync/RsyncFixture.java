package io.varve.driver.rsync;

import io.varve.conformance.CrashPoints;
import io.varve.conformance.DriverFixture;
import io.varve.conformance.MortalDirectories;
import io.varve.conformance.TemporaryRoots;
import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stores on each filesystem in turn that this host has or can make: {@code temporary} (where temporary files are, or
 * memory), {@code ext4}, {@code xfs}, {@code btrfs}. {@code -Dvarve.rsync.filesystem=xfs} tries one alone.
 */
public final class RsyncFixture implements DriverFixture {
    private static final String TEMPORARY = "temporary";
    private static final List<String> TYPES = List.of(TEMPORARY, "ext4", "xfs", "btrfs");
    private static final String ONE_ALONE = System.getProperty("varve.rsync.filesystem", "");
    private static final long LARGE = 8L << 30;

    /** Room for something between 16 and 256 MiB: each type needs some for itself. */
    private static final Map<String, Long> SMALL = Map.of("ext4", 64L << 20, "xfs", 300L << 20, "btrfs", 160L << 20);

    private final MortalProvider provider = new MortalProvider();
    private final TemporaryRoots temporary = new TemporaryRoots();
    private final List<LoopFilesystem> made = new ArrayList<>();
    private final Map<String, Path> large = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger nextSmall = new AtomicInteger();

    private final List<String> types = TYPES.stream()
            .filter(type -> ONE_ALONE.isEmpty() || ONE_ALONE.equals(type))
            .filter(RsyncFixture::isPossible)
            .toList();

    private static boolean isPossible(String type) {
        try {
            return type.equals(TEMPORARY) || LoopFilesystem.isPossible(type);
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
        String type = inTurn(next);
        if (type.equals(TEMPORARY)) {
            return temporary.newRoot();
        }
        try {
            return Files.createTempDirectory(large.computeIfAbsent(type, each -> make(each, LARGE)), "root");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String inTurn(AtomicInteger turn) {
        if (types.isEmpty()) {
            throw new IllegalStateException("this host cannot make a filesystem '" + ONE_ALONE + "'");
        }
        return types.get(turn.getAndIncrement() % types.size());
    }

    private synchronized Path make(String type, long bytes) {
        try {
            LoopFilesystem filesystem = LoopFilesystem.make(type, bytes);
            made.add(filesystem);
            return filesystem.path();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Optional<Path> newSmallRoot() {
        String type = inTurn(nextSmall);
        return type.equals(TEMPORARY)
                ? temporary.newSmallRoot()
                : Optional.of(make(type, SMALL.getOrDefault(type, LARGE)).resolve("root"));
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
        return 60;
    }

    @Override
    public void close() {
        temporary.close();
        try {
            for (LoopFilesystem each : made) {
                each.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
