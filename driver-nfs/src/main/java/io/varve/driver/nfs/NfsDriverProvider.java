package io.varve.driver.nfs;

import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Volumes of another host over NFS; announced, not available in this release. */
public final class NfsDriverProvider implements DriverProvider {
    private static final String REASON =
            "the nfs driver cannot open stores in this release; use the btrfs or rsync driver";

    @Override
    public DriverType type() {
        return DriverType.of("nfs");
    }

    @Override
    public List<DriverOption> options() {
        return List.of();
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Availability probe(Path root) {
        return Availability.missing(REASON);
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return List.of();
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        throw new StorageException(ErrorCode.DRIVER_UNAVAILABLE, REASON);
    }
}
