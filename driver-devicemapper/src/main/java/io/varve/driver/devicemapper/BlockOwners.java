package io.varve.driver.devicemapper;

import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Finds out which blocks of a pool belong to whom. The trees of devices share nodes where they are equal, so that a
 * node is read a few times at most, however many devices have it. One thread.
 */
final class BlockOwners {
    private final ThinMetadata metadata;
    private final Map<Integer, Long> devices;
    private final BooleanSupplier stopped;
    private final Set<Long> sharedNodes = new HashSet<>();
    private final BitSet sharedBlocks = new BitSet();

    /** @param stopped asked now and then whether to give up, by {@link CancellationException} */
    BlockOwners(ThinMetadata metadata, BooleanSupplier stopped) throws IOException {
        this.metadata = metadata;
        this.devices = metadata.devices();
        this.stopped = stopped;
        Sharing sharing = new Sharing();
        for (long root : devices.values()) {
            metadata.walk(root, sharing);
        }
    }

    /** The devices in the pool. */
    Set<Integer> devices() {
        return devices.keySet();
    }

    private void goOn() {
        if (stopped.getAsBoolean()) {
            throw new CancellationException("the store is being closed");
        }
    }

    private void walk(int device, ThinMetadata.Visitor visitor) throws IOException {
        Long root = devices.get(device);
        if (root != null) {
            metadata.walk(root, visitor);
        }
    }

    /** Notes what is met a second time. What is below a shared node is shared. */
    private final class Sharing implements ThinMetadata.Visitor {
        private final Set<Long> nodes = new HashSet<>();
        private final BitSet blocks = new BitSet();

        @Override
        public boolean enters(long node) {
            goOn();
            return nodes.add(node) || sharedNodes.add(node);
        }

        @Override
        public void block(long number) {
            int index = Math.toIntExact(number);
            (blocks.get(index) ? sharedBlocks : blocks).set(index);
        }
    }

    /** How many blocks a device alone has; 0 for one that is not there. */
    long exclusive(int device) throws IOException {
        Exclusive exclusive = new Exclusive();
        walk(device, exclusive);
        return exclusive.count;
    }

    private final class Exclusive implements ThinMetadata.Visitor {
        private long count;

        @Override
        public boolean enters(long node) {
            goOn();
            return !sharedNodes.contains(node);
        }

        @Override
        public void block(long number) {
            count += sharedBlocks.get((int) number) ? 0 : 1;
        }
    }

    /** The blocks that any of some devices has. */
    BitSet blocks(Collection<Integer> some) throws IOException {
        Union union = new Union();
        for (int device : some) {
            walk(device, union);
        }
        return union.blocks;
    }

    private final class Union implements ThinMetadata.Visitor {
        private final Set<Long> nodes = new HashSet<>();
        private final BitSet blocks = new BitSet();

        @Override
        public boolean enters(long node) {
            goOn();
            return nodes.add(node);
        }

        @Override
        public void block(long number) {
            blocks.set((int) number);
        }
    }
}
