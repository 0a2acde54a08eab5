package io.varve.driver.devicemapper;

import io.varve.linux.Commands;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stores on device-mapper thin pools. Needs root and Linux 5.8 with device-mapper's thin-pool; no LVM, no udev, no
 * dmsetup. One of the options that name a pool must be given.
 */
public final class DeviceMapperDriverProvider implements DriverProvider {
    @Override
    public DriverType type() {
        return DriverType.of("devicemapper");
    }

    @Override
    public List<DriverOption> options() {
        return DeviceMapperOptions.ALL;
    }

    @Override
    public Set<Capability> capabilities() {
        return DeviceMapperDriver.CAPABILITIES;
    }

    @Override
    public Availability probe(Path root) {
        if (!Kernel.isRoot()) {
            return new Availability.Unavailable(
                    ErrorCode.PERMISSION_DENIED,
                    "user " + Kernel.effectiveUser() + " may not make devices and mounts; the driver needs root");
        }
        try (DeviceMapper mapper = DeviceMapper.open()) {
            if (!mapper.knows("thin-pool")) {
                return Availability.missing(
                        "this kernel has device-mapper without thin pools (its module dm-thin-pool)");
            }
        } catch (IOException failure) {
            return Availability.missing(reason(failure));
        }
        return Commands.find(FilesystemKind.EXT4.program()).isPresent()
                        || Commands.find(FilesystemKind.XFS.program()).isPresent()
                ? Availability.available()
                : Availability.missing("neither mkfs.ext4 nor mkfs.xfs is installed; one of them makes new volumes");
    }

    private static String reason(IOException failure) {
        boolean absent = failure instanceof KernelException kernel
                && (kernel.errno() == Errno.ENOENT || kernel.errno() == Errno.ENXIO || kernel.errno() == Errno.ENODEV);
        return absent
                ? "there is no " + DeviceMapper.CONTROL
                        + ": this kernel has no device-mapper, or its module dm-mod is not" + " loaded"
                : "device-mapper cannot be used: " + failure.getMessage();
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return DeviceMapperOptions.parse(options).problems();
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        switch (probe(layout.root())) {
            case Availability.Available available -> {}
            case Availability.Unavailable unavailable ->
                throw new StorageException(
                        unavailable.code(), "cannot open the store " + layout.root() + ": " + unavailable.reason());
        }
        try {
            return open(layout, options, DeviceMapper.open());
        } catch (IOException failure) {
            throw KernelException.storage("cannot open the store " + layout.root(), failure);
        }
    }

    /** @param mapper closed with the driver, or here where the store cannot be opened */
    static Driver open(StoreLayout layout, Map<String, String> options, DeviceMapper mapper) throws IOException {
        try {
            return new DeviceMapperDriver(layout, DeviceMapperOptions.parse(options), mapper);
        } catch (IOException | RuntimeException failure) {
            mapper.close();
            throw failure;
        }
    }
}
