package io.varve.driver.rsync;

import io.varve.directories.DirectoryDriver;
import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.RawName;
import io.varve.linux.Trash;
import io.varve.spi.DriverType;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** A store in a directory, opened as the layers above the driver do it. */
final class TestStore implements AutoCloseable {
    static final VolumeName VOLUME = VolumeName.of("shop");

    final StoreLayout layout;
    private final Map<String, String> options;
    private DirectoryDriver driver;

    private TestStore(StoreLayout layout, Map<String, String> options) {
        this.layout = layout;
        this.options = options;
        this.driver = openDriver(layout, options);
    }

    static TestStore open(Path root) throws IOException {
        return open(root, Map.of());
    }

    static TestStore open(Path root, Map<String, String> options) throws IOException {
        StoreLayout layout = new StoreLayout(root, DriverType.of("rsync"));
        for (Path directory : List.of(
                layout.home(), layout.snapshots(), layout.catalog(), layout.journal(), layout.driverPrivate())) {
            DurableFiles.makeDirectories(directory);
        }
        return new TestStore(layout, options);
    }

    /** A store with one volume, {@link #VOLUME}. */
    static TestStore withVolume(Path root) throws IOException {
        TestStore store = open(root);
        store.driver.createVolume(VOLUME, VolumeSpec.unlimited());
        return store;
    }

    private static DirectoryDriver openDriver(StoreLayout layout, Map<String, String> options) {
        return (DirectoryDriver) new RsyncDriverProvider().open(layout, options);
    }

    DirectoryDriver driver() {
        return driver;
    }

    /** Closes and opens again. */
    void reopen() {
        driver.close();
        driver = openDriver(layout, options);
    }

    Path head() {
        return layout.volume(VOLUME);
    }

    Path snapshot(String label) {
        return layout.snapshot(VOLUME, SnapshotLabel.of(label));
    }

    SnapshotOutcome take(String label) {
        return take(label, Work.unwatched());
    }

    SnapshotOutcome take(String label, Work work) {
        letTheClockTick();
        return driver.createSnapshot(VOLUME, SnapshotLabel.of(label), work);
    }

    /** Change times are of the filesystem's clock, which ticks a few hundred times a second. */
    private void letTheClockTick() {
        Path probe = layout.home().resolve("tick");
        try {
            Instant before = Kernel.stat(Files.writeString(probe, "")).changed();
            while (!Kernel.stat(Files.writeString(probe, "")).changed().isAfter(before)) {
                Thread.sleep(1);
            }
            Files.delete(probe);
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    SnapshotOutcome revert(String from, String undo) {
        return driver.revert(VOLUME, SnapshotLabel.of(from), SnapshotLabel.of(undo), Work.unwatched());
    }

    List<String> labels() {
        return driver.snapshots(VOLUME).stream()
                .map(SnapshotLabel::value)
                .sorted()
                .toList();
    }

    /** What is in the driver's working directories after closing, once removals had their time. */
    List<Path> remains() throws IOException {
        List<Path> remains = list();
        for (int i = 0; i < 10 && !remains.isEmpty(); i++) {
            Trash.open(layout.driverPrivate().resolve("trash")).close();
            remains = list();
        }
        return remains;
    }

    private List<Path> list() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String name : List.of("staging", "imports", "intents", "trash")) {
            try (var paths = Files.list(layout.driverPrivate().resolve(name))) {
                all.addAll(paths.toList());
            }
        }
        return all;
    }

    @Override
    public void close() {
        driver.close();
    }

    /** Work that looks at a condition whenever it is asked, and stops when it is true. */
    static Work until(BooleanSupplier condition) {
        AtomicBoolean cancelled = new AtomicBoolean();
        return new Work() {
            @Override
            public void progress(long done, long total, String unit) {}

            @Override
            public boolean cancelled() {
                if (condition.getAsBoolean()) {
                    cancelled.set(true);
                }
                return cancelled.get();
            }
        };
    }

    /** Gives a file other content of the same size, and its old modification time. */
    static void changeQuietly(Path file, String content) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        if (Files.size(file) != content.length()) {
            throw new IllegalArgumentException("'" + content + "' has another size than " + file);
        }
        Files.writeString(file, content);
        setModified(file, time.toInstant());
    }

    static void setModified(Path file, Instant time) throws IOException {
        try (Directory directory =
                Directory.open(Optional.ofNullable(file.getParent()).orElseThrow())) {
            directory.setModified(RawName.of(file.getFileName().toString()), time);
        }
    }

    static long inode(Path file) throws IOException {
        return Kernel.stat(file).inode();
    }

    /**
     * A tree as text: for each path its kind, mode, owner, size, time to the nanosecond, content, attributes, and which
     * paths are one file.
     */
    static Map<String, String> describe(Path tree) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        Map<Long, List<String>> names = new TreeMap<>();
        FileStat top = Kernel.stat(tree);
        lines.put(".", text(top));
        try (Directory directory = Directory.open(tree)) {
            describe(directory, RawName.of(""), lines, names);
        }
        for (List<String> same : names.values()) {
            Collections.sort(same);
            same.forEach(name -> lines.merge(name, " same as " + same.getFirst(), String::concat));
        }
        return lines;
    }

    private static void describe(
            Directory directory, RawName path, Map<String, String> lines, Map<Long, List<String>> names)
            throws IOException {
        for (RawName name : directory.names()) {
            FileStat stat = directory.stat(name);
            String key = path.resolve(name).latin1();
            lines.put(key, text(stat) + " " + extras(directory, name, stat));
            if (stat.isDirectory()) {
                try (Directory child = directory.openDirectory(name)) {
                    describe(child, path.resolve(name), lines, names);
                }
            } else {
                names.computeIfAbsent(stat.inode(), inode -> new ArrayList<>()).add(key);
            }
        }
    }

    private static String text(FileStat stat) {
        String size = stat.isDirectory() ? "" : " " + stat.size();
        return stat.kind() + " " + Integer.toOctalString(stat.permissions()) + " " + stat.owner() + ":" + stat.group()
                + size + " " + stat.modified() + (stat.special() == 0 ? "" : " " + stat.special());
    }

    private static String extras(Directory directory, RawName name, FileStat stat) throws IOException {
        if (stat.kind() == FileKind.SYMLINK) {
            return "-> " + directory.readLink(name).latin1();
        }
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, byte[]> attribute : directory.attributes(name).entrySet()) {
            text.append(attribute.getKey())
                    .append('=')
                    .append(HexFormat.of().formatHex(attribute.getValue()))
                    .append(' ');
        }
        if (stat.kind() == FileKind.REGULAR && stat.size() < 1 << 20) {
            Path file = Path.of("/proc/self/fd/" + directory.descriptor().number());
            text.append(content(file, name));
        }
        return text.toString();
    }

    private static String content(Path directory, RawName name) throws IOException {
        String text = name.toString();
        return RawName.of(text).equals(name)
                ? HexFormat.of().formatHex(Files.readAllBytes(directory.resolve(text)))
                : "";
    }
}
