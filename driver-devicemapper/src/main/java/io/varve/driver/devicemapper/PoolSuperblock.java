package io.varve.driver.devicemapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the first block of a pool's metadata says (linux/drivers/md/dm-thin-metadata.c, struct thin_disk_superblock), read
 * without bringing the pool to work.
 *
 * @param blockSize bytes of a block of data
 * @param dataBlocks how many blocks of data the pool has
 * @param dataUsed how many of them something is in
 * @param metadataBlocks how many blocks of 4 KiB the metadata has
 */
record PoolSuperblock(long transaction, long blockSize, long dataBlocks, long dataUsed, long metadataBlocks) {
    private static final long MAGIC = 27022010;

    /** Empty where a device has no pool's metadata. */
    static Optional<PoolSuperblock> read(Path metadata) throws IOException {
        ByteBuffer block = BlockDevices.readPastCache(metadata, 0, ThinPools.Fill.METADATA_BLOCK);
        return block.getLong(32) == MAGIC
                ? Optional.of(new PoolSuperblock(
                        block.getLong(48),
                        (long) block.getInt(336) * BlockDevices.SECTOR,
                        block.getLong(64),
                        block.getLong(72),
                        block.getLong(344)))
                : Optional.empty();
    }
}
