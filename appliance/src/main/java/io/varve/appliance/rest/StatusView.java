package io.varve.appliance.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.varve.policy.SpaceWatch;
import io.varve.spi.DriverStatus;
import io.varve.spi.ThinPool;
import io.varve.spi.Usage;
import io.varve.status.DiskFigures;
import io.varve.status.DiskWatch;
import io.varve.volume.Store;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a store knows of its space, as clients see it. */
record StatusView(
        String store,
        String driver,
        Map<String, String> driverData,
        SpaceView space,
        List<UsageView> usage,
        @JsonUnwrapped @Nullable PoolView pool,
        List<String> errors) {
    static StatusView of(Store store, Optional<SpaceWatch.Outlook> outlook, Optional<DiskWatch.Report> disks) {
        DriverStatus status = DiskFigures.with(store.status(), disks);
        DriverStatus.Space space = status.space();
        return new StatusView(
                store.name().value(),
                store.type().value(),
                status.data(),
                new SpaceView(
                        space.total(),
                        space.used(),
                        space.available(),
                        outlook.flatMap(SpaceWatch.Outlook::daysToFull)),
                status.usage().stream().map(UsageView::of).toList(),
                status.thinPool().map(PoolView::of).orElse(null),
                status.errors());
    }

    record UsageView(Optional<String> metricName, String label, String type, Number value) {
        static UsageView of(Usage usage) {
            return switch (usage) {
                case Usage.Whole whole -> new UsageView(whole.metricName(), whole.label(), whole.type(), whole.value());
                case Usage.Real real -> new UsageView(real.metricName(), real.label(), real.type(), real.value());
            };
        }
    }

    /** @param daysToFull absent while the trend is not known, or where space does not get less */
    record SpaceView(long total, long used, long available, Optional<SpaceWatch.DaysToFull> daysToFull) {}

    record TenantView(
            String tenantId,
            String volumePath,
            long poolAvailableBlocks,
            String deviceName,
            long deviceTotalBlocks,
            long deviceAllocatedBlocks,
            long deviceUnallocatedBlocks,
            long filesystemTotal,
            long filesystemUsed,
            long filesystemAvailable,
            int numberSnapshots,
            long snapshotAllocatedBlocks,
            List<String> errors) {
        static TenantView of(ThinPool.Tenant tenant) {
            return new TenantView(
                    tenant.tenantId(),
                    tenant.volumePath(),
                    tenant.poolAvailableBlocks(),
                    tenant.deviceName(),
                    tenant.deviceTotalBlocks(),
                    tenant.deviceAllocatedBlocks(),
                    tenant.deviceUnallocatedBlocks(),
                    tenant.filesystem().total(),
                    tenant.filesystem().used(),
                    tenant.filesystem().available(),
                    tenant.numberSnapshots(),
                    tenant.snapshotAllocatedBlocks(),
                    tenant.errors());
        }
    }

    record PoolView(
            String driverType,
            String driverPath,
            String poolName,
            long poolDataTotal,
            long poolDataAvailable,
            long poolDataUsed,
            long poolMetadataTotal,
            long poolMetadataAvailable,
            long poolMetadataUsed,
            List<TenantView> tenants) {
        static PoolView of(ThinPool pool) {
            return new PoolView(
                    pool.arrangement(),
                    pool.path(),
                    pool.poolName(),
                    pool.data().total(),
                    pool.data().available(),
                    pool.data().used(),
                    pool.metadata().total(),
                    pool.metadata().available(),
                    pool.metadata().used(),
                    pool.tenants().stream().map(TenantView::of).toList());
        }
    }
}
