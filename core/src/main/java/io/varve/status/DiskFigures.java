package io.varve.status;

import io.varve.spi.DriverStatus;
import io.varve.spi.ThinPool;
import io.varve.spi.Usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Adds to the status of a thin pool how its devices were used lately, where the kernel's counters tell. */
public final class DiskFigures {
    private DiskFigures() {}

    /** The same status with {@code rps}, {@code wps} and {@code await} of its pool and of each tenant that are known. */
    public static DriverStatus with(DriverStatus status, Optional<DiskWatch.Report> report) {
        return report.flatMap(known -> status.thinPool().map(pool -> with(status, usage(pool, known.devices()))))
                .orElse(status);
    }

    private static DriverStatus with(DriverStatus status, List<Usage> figures) {
        List<Usage> all = new ArrayList<>(status.usage());
        all.addAll(figures);
        return new DriverStatus(status.space(), status.data(), all, status.thinPool(), status.errors());
    }

    private static List<Usage> usage(ThinPool pool, SortedMap<String, DiskStatistics.Use> uses) {
        List<Usage> figures = new ArrayList<>();
        Optional.ofNullable(uses.get(pool.poolName()))
                .ifPresent(use -> figures.addAll(usage(use, "storage.pool.", "", "Pool")));
        for (ThinPool.Tenant tenant : pool.tenants()) {
            String id = tenant.tenantId();
            Optional.ofNullable(uses.get(lastElement(tenant.deviceName())))
                    .ifPresent(use -> figures.addAll(usage(use, "storage.device.", "." + id, id + " Device")));
        }
        return figures;
    }

    private static List<Usage> usage(DiskStatistics.Use use, String before, String after, String label) {
        return List.of(
                figure(before + "rps" + after, label, "Reads per Second", use.readsPerSecond()),
                figure(before + "wps" + after, label, "Writes per Second", use.writesPerSecond()),
                figure(before + "await" + after, label, "Await Milliseconds", use.await()));
    }

    private static Usage figure(String metricName, String label, String type, double value) {
        return new Usage.Real(Optional.of(metricName), label, type, value);
    }

    private static String lastElement(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
