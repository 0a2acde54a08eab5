package io.varve.driver.devicemapper;

import io.varve.conformance.CrashPoints;
import io.varve.conformance.DriverFixture;
import io.varve.linux.MountTable;
import io.varve.linux.Mounts;
import io.varve.linux.Trees;
import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Stores whose pools are files in a temporary directory. */
final class DeviceMapperFixture implements DriverFixture {
    private static final int KEPT = 6;

    private final Deque<Path> roots = new ArrayDeque<>();
    private final MortalProvider provider = new MortalProvider();
    private final FilesystemKind filesystem;
    private final long volume;
    private final Path place;

    /** @param volume bytes of a volume without a size of its own */
    DeviceMapperFixture(FilesystemKind filesystem, long volume) {
        this.filesystem = filesystem;
        this.volume = volume;
        try {
            this.place = Files.createTempDirectory("varve-devicemapper-");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public DriverProvider provider() {
        return provider;
    }

    @Override
    public Map<String, String> options() {
        return Map.of(
                "dm.loopdatasize",
                "4 GiB",
                "dm.loopmetadatasize",
                "32 MiB",
                "dm.basesize",
                Long.toString(volume),
                "dm.fs",
                filesystem.type());
    }

    @Override
    public Path newRoot() {
        try {
            Path root = Files.createTempDirectory(place, "root");
            roots.addLast(root);
            if (roots.size() > KEPT) {
                emptyPool(roots.removeFirst());
            }
            return root;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Pools of stores that nobody opens any more would fill the temporary directory; one that is in use stays. */
    private void emptyPool(Path root) throws IOException {
        Path data = new StoreLayout(root, provider.type()).driverPrivate().resolve("data");
        if (Files.exists(data) && !attached().contains(data.toString())) {
            Files.delete(data);
        }
    }

    private static Set<String> attached() throws IOException {
        Set<String> files = new HashSet<>();
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
            for (Path loop : loops) {
                Path file = loop.resolve("loop/backing_file");
                if (Files.exists(file)) {
                    files.add(Files.readString(file).strip());
                }
            }
        }
        return files;
    }

    /** Each volume is small; the pool has room for several. */
    @Override
    public Optional<Path> newSmallRoot() {
        return Optional.of(newRoot());
    }

    @Override
    public List<Path> stagingPlaces(StoreLayout layout) {
        return Stream.of("building").map(layout.driverPrivate()::resolve).toList();
    }

    @Override
    public Optional<CrashPoints> crashPoints() {
        return Optional.of(provider);
    }

    @Override
    public long smallestVolume() {
        return volume;
    }

    @Override
    public void close() {
        try {
            for (MountTable.Mount mount : MountTable.read().below(place).reversed()) {
                Mounts.detach(mount.point());
            }
            Trees.remove(place);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
