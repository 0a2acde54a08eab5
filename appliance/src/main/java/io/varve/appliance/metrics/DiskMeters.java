package io.varve.appliance.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.varve.appliance.schedule.DiskLook;
import io.varve.status.DiskStatistics;
import io.varve.status.DiskWatch;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.util.List;

/** How disks were used over the last ten seconds. */
@Singleton
public class DiskMeters {
    private final DiskWatch disks;
    private final Family read;
    private final Family written;
    private final Family await;
    private final Family busy;

    @Inject
    public DiskMeters(DiskWatch disks, MeterRegistry registry) {
        this.disks = disks;
        this.read = new Family(registry, "varve.disk.read.bytes.per.second", "Bytes read a second");
        this.written = new Family(registry, "varve.disk.written.bytes.per.second", "Bytes written a second");
        this.await = new Family(registry, "varve.disk.await.milliseconds", "What a request took, waiting included");
        this.busy = new Family(registry, "varve.disk.busy.percent", "Share of the time with something to do");
    }

    void looked(@Observes DiskLook.Taken taken) {
        disks.report().ifPresent(report -> report.devices().values().forEach(this::add));
        List.of(read, written, await, busy).forEach(Family::publish);
    }

    private void add(DiskStatistics.Use use) {
        read.add(use.readBytesPerSecond(), "device", use.device());
        written.add(use.writtenBytesPerSecond(), "device", use.device());
        await.add(use.await(), "device", use.device());
        busy.add(use.busyPercent(), "device", use.device());
    }
}
