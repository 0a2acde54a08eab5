package io.varve.driver.devicemapper;

import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Reads the metadata of a thin pool at work: which devices there are, and which blocks each has. What belongs to one
 * transaction is not written over before the next one's superblock is there, so what was read is whole where
 * {@link #isStill} says so afterwards; else it is worth nothing, whatever it looked like. Blocks and trees are
 * those of the kernel's drivers/md/dm-thin-metadata.c and drivers/md/persistent-data/dm-btree-internal.h; every one that
 * is read must carry its own number and its checksum. One thread at a time.
 */
final class ThinMetadata implements AutoCloseable {
    private static final int BLOCK = ThinPools.Fill.METADATA_BLOCK;
    private static final long MAGIC = 27022010;
    private static final int SUPERBLOCK_SALT = 160774;
    private static final int NODE_SALT = 121107;
    private static final int MAPPING_ROOT_AT = 320;

    /** struct node_header: checksum 4, flags 4, own number 8, entries 4, most entries 4, bytes of a value 4, padding 4. */
    private static final int NODE_HEADER = 32;

    private static final int INTERNAL = 1;
    private static final int DEEPEST = 16;

    private final Descriptor device;
    private final String subject;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
    private final byte[] superblock = new byte[BLOCK];
    private final long mappings;

    private ThinMetadata(Descriptor device, Path path) throws IOException {
        this.device = device;
        this.subject = "metadata of the thin pool, on " + path;
        ByteBuffer first = block(0, SUPERBLOCK_SALT);
        if (first.getLong(32) != MAGIC) {
            throw damaged("there is no superblock");
        }
        this.mappings = first.getLong(MAPPING_ROOT_AT);
        first.get(0, superblock);
    }

    /** Whether the pool is in the transaction in which the reading began. */
    boolean isStill() throws IOException {
        BlockDevices.forgetCached(device);
        ByteBuffer now = raw(0);
        return now.equals(ByteBuffer.wrap(superblock));
    }

    static ThinMetadata open(Path path) throws IOException {
        Descriptor device = Kernel.open(path, OpenFlag.READ);
        try {
            BlockDevices.forgetCached(device);
            return new ThinMetadata(device, path);
        } catch (IOException | RuntimeException failure) {
            device.close();
            throw failure;
        }
    }

    /** A node of a tree. */
    private record Node(boolean leaf, List<Entry> entries) {}

    /** What a tree has under a key: a block of the metadata, or what the tree is for. */
    private record Entry(long key, long value) {}

    /** Every device of the pool, with the root of the tree of its blocks. */
    Map<Integer, Long> devices() throws IOException {
        Map<Integer, Long> roots = new TreeMap<>();
        devices(mappings, 0, roots);
        return roots;
    }

    private void devices(long root, int depth, Map<Integer, Long> into) throws IOException {
        Node node = node(root);
        for (Entry entry : node.entries()) {
            if (node.leaf()) {
                into.put((int) entry.key(), entry.value());
            } else {
                requireDepth(depth);
                devices(entry.value(), depth + 1, into);
            }
        }
    }

    private void requireDepth(int depth) throws IOException {
        if (depth > DEEPEST) {
            throw damaged("a tree has no end");
        }
    }

    /** What walks over a tree of blocks. */
    interface Visitor {
        /** Whether to go on with what is below a node. */
        boolean enters(long node);

        void block(long number);
    }

    /** Walks over the blocks of a device. */
    void walk(long root, Visitor visitor) throws IOException {
        walk(root, 0, visitor);
    }

    private void walk(long number, int depth, Visitor visitor) throws IOException {
        if (!visitor.enters(number)) {
            return;
        }
        Node node = node(number);
        for (Entry entry : node.entries()) {
            if (node.leaf()) {
                // The lower bits say when it was written.
                visitor.block(entry.value() >>> 24);
            } else {
                requireDepth(depth);
                walk(entry.value(), depth + 1, visitor);
            }
        }
    }

    private Node node(long number) throws IOException {
        ByteBuffer block = block(number, NODE_SALT);
        int entries = block.getInt(16);
        int most = block.getInt(20);
        int size = block.getInt(24);
        long end = NODE_HEADER + (long) most * (8 + size);
        if (entries < 0 || entries > most || size < 8 || end > BLOCK) {
            throw damaged("node " + number + " is impossible");
        }
        List<Entry> all = new ArrayList<>(entries);
        for (int i = 0; i < entries; i++) {
            long key = block.getLong(NODE_HEADER + 8 * i);
            all.add(new Entry(key, block.getLong(NODE_HEADER + 8 * most + size * i)));
        }
        return new Node((block.getInt(4) & INTERNAL) == 0, all);
    }

    private ByteBuffer block(long number, int salt) throws IOException {
        ByteBuffer block = raw(number);
        if (block.getLong(8) != number || block.getInt(0) != checksum(block, salt)) {
            throw damaged("block " + number + " does not carry its number and checksum");
        }
        return block;
    }

    private ByteBuffer raw(long number) throws IOException {
        ByteBuffer block = buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
        while (block.hasRemaining()) {
            if (device.read(block, number * BLOCK + block.position()) <= 0) {
                throw damaged("block " + number + " is beyond the end");
            }
        }
        return block.flip();
    }

    /** dm_bm_checksum: the CRC-32C without its last inversion, changed by a number of each kind of block. */
    private static int checksum(ByteBuffer block, int salt) {
        CRC32C sum = new CRC32C();
        sum.update(block.slice(4, BLOCK - 4));
        return ~(int) sum.getValue() ^ salt;
    }

    private IOException damaged(String why) {
        return new IOException("cannot read the " + subject + ": " + why);
    }

    @Override
    public void close() {
        device.close();
    }
}
