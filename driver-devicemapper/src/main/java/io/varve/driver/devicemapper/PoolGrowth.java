package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapper.Target;
import io.varve.driver.devicemapper.DeviceMapperOptions.PoolSource;
import io.varve.driver.devicemapper.ThinPools.Fill;
import io.varve.linux.Kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes a pool of the store's own larger before it is full: one on files as far as the filesystem below has room, one on
 * disks as far as they were made larger. A pool that others made is theirs to enlarge. Any thread.
 *
 * <p>Those who write faster than a pool on files grows wait for it; once it cannot grow any more they fail at once when
 * it is full, as on disks.
 */
final class PoolGrowth {
    /** A file is not made larger than this share of the room below it would carry. */
    private static final int SHARE_OF_ROOM = 90;

    /** Grown is where less than this is free, and always before anything is refused. */
    private static final int SMALLEST_MARGIN = 20;

    private static final int MARGIN_BEFORE_REFUSAL = 5;
    private static final long SMALLEST_STEP = 64L << 20;

    /** linux/drivers/md/dm-thin-metadata.h: THIN_METADATA_MAX_SECTORS. */
    private static final long MOST_METADATA_BLOCKS = 255L << 14;

    private final ThinPools pool;
    private final PoolSource source;
    private final Path place;
    private final DeviceMapperOptions options;

    PoolGrowth(ThinPools pool, PoolSource source, Path place, DeviceMapperOptions options) {
        this.pool = pool;
        this.source = source;
        this.place = place;
        this.options = options;
    }

    /** Grows what should and can; nothing where there is room enough. */
    synchronized void run() throws IOException {
        if (source instanceof PoolSource.Existing) {
            return;
        }
        Fill fill = pool.fill();
        if (fill.mode().equals("Fail")) {
            return;
        }
        Target table = pool.poolTable();
        List<String> fields = table.fields();
        long block = Long.parseLong(fields.get(2)) * BlockDevices.SECTOR;
        if (source instanceof PoolSource.Files) {
            extend(PoolGround.METADATA, fields.get(0), metadataWanted(fill));
            extend(PoolGround.DATA, fields.get(1), dataWanted(fill, block));
        }
        long data = Math.max(bytes(fields.get(1)) / block, fill.dataTotal());
        long metadata = Math.min(bytes(fields.get(0)) / Fill.METADATA_BLOCK, MOST_METADATA_BLOCKS);
        boolean stuck = isLow(fill.dataUsed(), data);
        boolean other = source instanceof PoolSource.Files && stuck != ThinPools.failsWhenFull(table);
        if (data > fill.dataTotal() || metadata > fill.metadataTotal() || other) {
            long sectors = data * block / BlockDevices.SECTOR;
            Target longer = Target.whole(sectors, table.type(), table.parameters());
            pool.reloadPool(other ? ThinPools.whenFull(longer, stuck) : longer);
        }
    }

    private boolean isLow(long used, long total) {
        int margin = Math.max(SMALLEST_MARGIN, options.minFreePercent() + MARGIN_BEFORE_REFUSAL);
        return total - used < total * margin / 100;
    }

    private long dataWanted(Fill fill, long block) throws IOException {
        if (!isLow(fill.dataUsed(), fill.dataTotal())) {
            return 0;
        }
        long total = fill.dataTotal() * block;
        long most = fill.dataUsed() * block + room();
        long wanted = Math.min(total + Math.max(total / 4, SMALLEST_STEP), most);
        return Math.min(wanted, options.largestData().orElse(Long.MAX_VALUE)) / block * block;
    }

    private long metadataWanted(Fill fill) throws IOException {
        if (!isLow(fill.metadataUsed(), fill.metadataTotal())) {
            return 0;
        }
        long most = Math.min(
                fill.metadataUsed() * Fill.METADATA_BLOCK + room(), MOST_METADATA_BLOCKS * Fill.METADATA_BLOCK);
        return Math.min(fill.metadataTotal() * Fill.METADATA_BLOCK * 2, most)
                / Fill.METADATA_BLOCK
                * Fill.METADATA_BLOCK;
    }

    private long room() throws IOException {
        return Kernel.space(place).available() / 100 * SHARE_OF_ROOM;
    }

    /** Also where an earlier growth came only as far as the file. */
    private void extend(String name, String device, long wanted) throws IOException {
        Path file = place.resolve(name);
        long before = Kernel.stat(file).size();
        if (wanted > before) {
            PoolGround.extend(file, wanted);
        }
        if (Math.max(wanted, before) > bytes(device)) {
            try (BlockDevices.Loop loop =
                    BlockDevices.loop(Integer.parseInt(device.substring(device.indexOf(':') + 1)))) {
                loop.grown();
            }
        }
    }

    /** The kernel tells the size in sectors of 512 bytes, whatever the device's own. */
    private static long bytes(String device) throws IOException {
        Path size = Path.of("/sys/dev/block", device, "size");
        return Long.parseLong(Files.readString(size).strip()) * BlockDevices.SECTOR;
    }
}
