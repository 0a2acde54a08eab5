package io.varve.spi;

import java.util.List;

/**
 * A thin pool and the devices in it.
 *
 * @param arrangement {@code direct-lvm} or {@code loop-lvm}
 * @param path the store's root
 */
public record ThinPool(
        String arrangement,
        String path,
        String poolName,
        DriverStatus.Space data,
        DriverStatus.Space metadata,
        List<Tenant> tenants) {

    public ThinPool {
        tenants = List.copyOf(tenants);
    }

    /** One tenant's device and the filesystem on it; blocks are 65536 bytes. */
    public record Tenant(
            String tenantId,
            String volumePath,
            long poolAvailableBlocks,
            String deviceName,
            long deviceTotalBlocks,
            long deviceAllocatedBlocks,
            long deviceUnallocatedBlocks,
            DriverStatus.Space filesystem,
            int numberSnapshots,
            long snapshotAllocatedBlocks,
            List<String> errors) {}
}
