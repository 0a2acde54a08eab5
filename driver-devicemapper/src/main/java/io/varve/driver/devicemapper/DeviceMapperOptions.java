package io.varve.driver.devicemapper;

import io.varve.spi.DriverOption;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of a store, read once; all that is wrong with them is collected in {@code problems}. Sizes in bytes.
 *
 * @param baseSize empty leaves it as it is, or at its default in a new store
 * @param filesystem the same
 * @param blockSize the same; that of an existing pool is its own
 * @param largestData what the data file of a pool on files may grow to; empty is as far as there is room
 * @param discard whether what is freed in the pool is freed on the disks below too; empty is the default of the source
 * @param overwrite whether data on the disks of a new pool may be lost
 */
record DeviceMapperOptions(
        Optional<PoolSource> source,
        Optional<Long> baseSize,
        Optional<FilesystemKind> filesystem,
        List<String> makeArguments,
        List<String> mountOptions,
        Optional<Boolean> discard,
        Optional<Long> blockSize,
        int minFreePercent,
        Optional<Long> largestData,
        boolean overwrite,
        List<String> problems) {

    static final long DEFAULT_BASE_SIZE = 10L << 30;
    static final long DEFAULT_BLOCK = 64 << 10;
    private static final long DEFAULT_LOOP_METADATA = 2L << 30;
    private static final long SMALLEST_METADATA = 2L << 20;

    static final List<DriverOption> ALL = List.of(
            new DriverOption(
                    "dm.thinpooldev", "an existing, unused thin pool: its device-mapper name, or its path", ""),
            new DriverOption("dm.datadev", "the disk for the data of a pool of the store's own", ""),
            new DriverOption("dm.metadatadev", "the disk for the metadata of that pool", ""),
            new DriverOption(
                    "dm.loopdatasize",
                    "makes the pool on sparse files below the root; the size of its data at first",
                    ""),
            new DriverOption(
                    "dm.loopdatamax",
                    "what the data of a pool on files may grow to, which it does before it is full",
                    "as far as the filesystem has room"),
            new DriverOption("dm.loopmetadatasize", "the size of the metadata of a pool on files", "2 GiB"),
            new DriverOption(
                    "dm.overwrite", "whether disks for a new pool may carry data, which is lost then", "false"),
            new DriverOption("dm.basesize", "the size of a volume that is made without one", "10 GiB"),
            new DriverOption("dm.fs", "the filesystem of new volumes: ext4 or xfs", "ext4"),
            new DriverOption("dm.mkfsarg", "more arguments for mkfs, separated by blanks", ""),
            new DriverOption("dm.mountopt", "more options to mount volumes with, separated by commas", ""),
            new DriverOption("dm.blkdiscard", "whether freed space is freed on the disks below too", "true on files"),
            new DriverOption(
                    "dm.blocksize", "the block of a new pool: 64 KiB to 1 GiB, a multiple of 64 KiB", "64 KiB"),
            new DriverOption("dm.min_free_space", "nothing new is made where less of the pool is free", "10%"),
            new DriverOption("dm.override_udev_sync_check", "accepted; udev is not used", "false"),
            new DriverOption("dm.use_deferred_removal", "accepted; devices in use are always removed later", "true"),
            new DriverOption("dm.use_deferred_deletion", "accepted; devices in use are always deleted later", "true"),
            new DriverOption("enablelvmmonitoring", "accepted (y or n); the driver watches its pool itself", "n"));

    /** Where the pool comes from. */
    sealed interface PoolSource {
        record Files(long data, long metadata) implements PoolSource {}

        record Disks(Path data, Path metadata) implements PoolSource {}

        /** @param name without the directory */
        record Existing(String name) implements PoolSource {}
    }

    static DeviceMapperOptions parse(Map<String, String> options) {
        Reader reader = new Reader(options, new ArrayList<>());
        for (String name :
                List.of("dm.override_udev_sync_check", "dm.use_deferred_removal", "dm.use_deferred_deletion")) {
            reader.flag(name);
        }
        reader.read(
                "enablelvmmonitoring",
                "'y' or 'n'",
                text -> text.matches("[yn]") ? Optional.of(text) : Optional.empty());
        return new DeviceMapperOptions(
                reader.source(),
                reader.size("dm.basesize"),
                reader.read("dm.fs", "'ext4' or 'xfs'", FilesystemKind::of),
                reader.list("dm.mkfsarg", " +"),
                reader.list("dm.mountopt", ","),
                reader.flag("dm.blkdiscard"),
                reader.blockSize(),
                reader.read("dm.min_free_space", "a percentage such as '10%', 0% to 99%", Reader::percent)
                        .orElse(10),
                reader.size("dm.loopdatamax"),
                reader.flag("dm.overwrite").orElse(false),
                reader.problems);
    }

    private record Reader(Map<String, String> options, List<String> problems) {
        private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}) ?([kmgtp]?)(i?b)?");
        private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2})%");

        <T> Optional<T> read(String name, String expected, Function<String, Optional<T>> parse) {
            Optional<String> given = Optional.ofNullable(options.get(name));
            Optional<T> value = given.flatMap(text -> parse.apply(text.strip()));
            if (given.isPresent() && value.isEmpty()) {
                problems.add(name + " is '" + given.get() + "', not " + expected);
            }
            return value;
        }

        Optional<Boolean> flag(String name) {
            return read(name, "'true' or 'false'", text -> switch (text.toLowerCase(Locale.ROOT)) {
                case "true", "1", "t" -> Optional.of(true);
                case "false", "0", "f" -> Optional.of(false);
                default -> Optional.empty();
            });
        }

        Optional<Long> size(String name) {
            return read(name, "a size such as '10 GiB'", Reader::bytes);
        }

        private static Optional<Long> bytes(String text) {
            Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
            if (!size.matches()) {
                return Optional.empty();
            }
            int power = size.group(2).isEmpty() ? 0 : "kmgtp".indexOf(size.group(2)) + 1;
            long number = Long.parseLong(size.group(1));
            boolean fits = number > 0 && number <= Long.MAX_VALUE >> (10 * power);
            return fits ? Optional.of(number << (10 * power)) : Optional.empty();
        }

        private static Optional<Integer> percent(String text) {
            Matcher percent = PERCENT.matcher(text);
            return percent.matches() ? Optional.of(Integer.parseInt(percent.group(1))) : Optional.empty();
        }

        List<String> list(String name, String separator) {
            return Arrays.stream(options.getOrDefault(name, "").strip().split(separator, 0))
                    .filter(each -> !each.isBlank())
                    .toList();
        }

        /** linux/dm-thin.c: DATA_DEV_BLOCK_SIZE_MIN_SECTORS and _MAX_. */
        Optional<Long> blockSize() {
            Optional<Long> size = size("dm.blocksize");
            if (size.filter(Reader::isNoBlock).isPresent()) {
                problems.add("dm.blocksize is '" + options.get("dm.blocksize")
                        + "', not a multiple of 64 KiB from 64 KiB to 1 GiB");
            }
            return size;
        }

        private static boolean isNoBlock(long bytes) {
            return bytes < DEFAULT_BLOCK || bytes > 1 << 30 || bytes % DEFAULT_BLOCK != 0;
        }

        Optional<PoolSource> source() {
            Optional<PoolSource> existing =
                    read("dm.thinpooldev", "the name of a thin pool or its path below /dev/mapper", Reader::poolName);
            Optional<PoolSource> disks = disks();
            Optional<PoolSource> files = files();
            List<PoolSource> all = List.of(existing, disks, files).stream()
                    .flatMap(Optional::stream)
                    .toList();
            if (all.size() > 1) {
                problems.add("more than one pool is named: give dm.thinpooldev, or dm.datadev and dm.metadatadev, or"
                        + " dm.loopdatasize");
            }
            boolean attempted = options.keySet().stream()
                    .anyMatch(key -> key.matches("dm\\.(thinpooldev|datadev|metadatadev|loopdatasize)"));
            if (!attempted) {
                problems.add(
                        "no pool is named: give dm.thinpooldev, or dm.datadev and dm.metadatadev, or, for a pool on"
                                + " files below the root, dm.loopdatasize");
            }
            return all.stream().findFirst();
        }

        private static Optional<PoolSource> poolName(String text) {
            String name = text.startsWith("/dev/mapper/") ? text.substring("/dev/mapper/".length()) : text;
            boolean usable = !name.isEmpty() && name.length() < 128 && name.matches("[\\x21-\\x7e&&[^/]]+");
            return usable ? Optional.of(new PoolSource.Existing(name)) : Optional.empty();
        }

        private Optional<PoolSource> disks() {
            Optional<Path> data = read("dm.datadev", "an absolute path", Reader::absolute);
            Optional<Path> metadata = read("dm.metadatadev", "an absolute path", Reader::absolute);
            if (options.containsKey("dm.datadev") != options.containsKey("dm.metadatadev")) {
                problems.add("dm.datadev and dm.metadatadev belong together: give both");
            }
            if (data.isPresent() && data.equals(metadata)) {
                problems.add("dm.datadev and dm.metadatadev are the same disk: they must be two");
            }
            return data.flatMap(one -> metadata.map(other -> new PoolSource.Disks(one, other)));
        }

        private static Optional<Path> absolute(String text) {
            return text.startsWith("/") && text.indexOf('\0') < 0 ? Optional.of(Path.of(text)) : Optional.empty();
        }

        private Optional<PoolSource> files() {
            Optional<Long> data = size("dm.loopdatasize");
            long metadata = size("dm.loopmetadatasize").orElse(DEFAULT_LOOP_METADATA);
            if (metadata < SMALLEST_METADATA) {
                problems.add("dm.loopmetadatasize is less than 2 MiB, the least a pool needs");
            }
            return data.map(bytes -> new PoolSource.Files(bytes, metadata));
        }
    }
}
