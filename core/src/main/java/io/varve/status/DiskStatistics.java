package io.varve.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The kernel's counters of every block device at one moment (/proc/diskstats, Documentation/admin-guide/iostats.rst).
 * Two of them a while apart give the use in between.
 *
 * @param devices by name; devices of the device mapper by the name they have below /dev/mapper
 */
public record DiskStatistics(SortedMap<String, Counters> devices) {
    private static final int SECTOR = 512;
    private static final int FIELDS = 13;

    public DiskStatistics {
        devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
    }

    /**
     * What one device has done since it came.
     *
     * @param waited milliseconds all requests together took, from being queued to being served
     * @param busy milliseconds in which at least one request was under way
     */
    public record Counters(long reads, long readBytes, long writes, long writtenBytes, long waited, long busy) {}

    /**
     * The use of a device over a while.
     *
     * @param await milliseconds a request took on average, waiting included; 0 without requests
     * @param busyPercent share of the time in which it had something to do
     */
    public record Use(
            String device,
            double readsPerSecond,
            double writesPerSecond,
            double readBytesPerSecond,
            double writtenBytesPerSecond,
            double await,
            double busyPercent) {}

    public static DiskStatistics read() throws IOException {
        return parse(Files.readString(Path.of("/proc/diskstats"), StandardCharsets.UTF_8), DiskStatistics::mapperName);
    }

    /** The name of {@code dm-7} and the like; others have none but their own. */
    private static String mapperName(String device) {
        if (!device.startsWith("dm-")) {
            return device;
        }
        try {
            return Files.readString(Path.of("/sys/block", device, "dm/name"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException gone) {
            return device;
        }
    }

    static DiskStatistics parse(String text, UnaryOperator<String> names) {
        SortedMap<String, Counters> devices = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            List<String> fields = Arrays.asList(line.strip().split("\\s+", -1));
            if (fields.size() >= FIELDS) {
                devices.put(names.apply(fields.get(2)), counters(fields));
            }
        }
        return new DiskStatistics(devices);
    }

    private static Counters counters(List<String> fields) {
        return new Counters(
                number(fields, 3),
                number(fields, 5) * SECTOR,
                number(fields, 7),
                number(fields, 9) * SECTOR,
                number(fields, 6) + number(fields, 10),
                number(fields, 12));
    }

    private static long number(List<String> fields, int index) {
        return Long.parseUnsignedLong(fields.get(index));
    }

    /** The use between {@code earlier} and this one; a device that came or was replaced meanwhile has none yet. */
    public SortedMap<String, Use> since(DiskStatistics earlier, Duration elapsed) {
        SortedMap<String, Use> uses = new TreeMap<>();
        for (Map.Entry<String, Counters> device : devices.entrySet()) {
            Optional.ofNullable(earlier.devices.get(device.getKey()))
                    .flatMap(before -> use(device.getKey(), before, device.getValue(), elapsed))
                    .ifPresent(use -> uses.put(use.device(), use));
        }
        return uses;
    }

    private static Optional<Use> use(String device, Counters before, Counters now, Duration elapsed) {
        double seconds = elapsed.toNanos() / 1e9;
        long requests = now.reads - before.reads + now.writes - before.writes;
        boolean replaced = now.reads < before.reads || now.writes < before.writes;
        if (seconds <= 0 || replaced) {
            return Optional.empty();
        }
        return Optional.of(new Use(
                device,
                (now.reads - before.reads) / seconds,
                (now.writes - before.writes) / seconds,
                (now.readBytes - before.readBytes) / seconds,
                (now.writtenBytes - before.writtenBytes) / seconds,
                requests == 0 ? 0 : (double) Math.max(0, now.waited - before.waited) / requests,
                Math.clamp((now.busy - before.busy) / seconds / 10, 0, 100)));
    }
}
