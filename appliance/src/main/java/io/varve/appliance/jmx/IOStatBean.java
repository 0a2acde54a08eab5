package io.varve.appliance.jmx;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.status.DiskStatistics;
import io.varve.status.DiskWatch;

import java.util.Optional;

final class IOStatBean implements IOStatMXBean {
    private final DiskWatch disks;
    private final String device;

    IOStatBean(DiskWatch disks, String device) {
        this.disks = disks;
        this.device = device;
    }

    private DiskWatch.Report report() {
        return disks.report().orElseThrow(this::gone);
    }

    private DiskStatistics.Use use() {
        return Optional.ofNullable(report().devices().get(device)).orElseThrow(this::gone);
    }

    private StorageException gone() {
        return new StorageException(ErrorCode.NOT_FOUND, "there are no figures of device '" + device + "'");
    }

    @Override
    public String getDevice() {
        return device;
    }

    @Override
    public String getTaken() {
        return report().taken().toString();
    }

    @Override
    public double getSeconds() {
        return report().over().toMillis() / 1000.0;
    }

    @Override
    public double getReadsPerSecond() {
        return use().readsPerSecond();
    }

    @Override
    public double getWritesPerSecond() {
        return use().writesPerSecond();
    }

    @Override
    public double getReadBytesPerSecond() {
        return use().readBytesPerSecond();
    }

    @Override
    public double getWrittenBytesPerSecond() {
        return use().writtenBytesPerSecond();
    }

    @Override
    public double getAwait() {
        return use().await();
    }

    @Override
    public double getBusyPercent() {
        return use().busyPercent();
    }
}
