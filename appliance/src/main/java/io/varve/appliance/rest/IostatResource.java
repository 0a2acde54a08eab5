package io.varve.appliance.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.varve.status.DiskStatistics;
import io.varve.status.DiskWatch;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How the disks of the host were used lately. */
@OfNoStore
@Path("/api/v1/iostat")
public class IostatResource {
    private final DiskWatch disks;

    @Inject
    public IostatResource(DiskWatch disks) {
        this.disks = disks;
    }

    /**
     * One device.
     *
     * @param await milliseconds a request took
     */
    record DeviceView(
            String device,
            BigDecimal readsPerSecond,
            BigDecimal writesPerSecond,
            long readBytesPerSecond,
            long writtenBytesPerSecond,
            BigDecimal await,
            BigDecimal busyPercent) {
        static DeviceView of(DiskStatistics.Use use) {
            return new DeviceView(
                    use.device(),
                    rounded(use.readsPerSecond()),
                    rounded(use.writesPerSecond()),
                    Math.round(use.readBytesPerSecond()),
                    Math.round(use.writtenBytesPerSecond()),
                    rounded(use.await()),
                    rounded(use.busyPercent()));
        }

        private static BigDecimal rounded(double figure) {
            return BigDecimal.valueOf(figure).setScale(2, RoundingMode.HALF_EVEN);
        }
    }

    /**
     * The devices and the while the figures are of.
     *
     * @param taken its end; absent before there are figures
     * @param seconds its length
     */
    record IostatView(@JsonUnwrapped Page<DeviceView> page, Optional<Instant> taken, Optional<Double> seconds) {}

    @GET
    public IostatView list(@QueryParam("limit") Optional<String> limit, @QueryParam("page") Optional<String> page) {
        Optional<DiskWatch.Report> report = disks.report();
        List<DiskStatistics.Use> uses =
                report.map(each -> List.copyOf(each.devices().values())).orElseGet(List::of);
        return new IostatView(
                Page.of(uses, limit, page, DeviceView::of),
                report.map(DiskWatch.Report::taken),
                report.map(each -> each.over().toMillis() / 1000.0));
    }
}
