package io.varve.driver.devicemapper;

import io.varve.conformance.DriverConformance;
import io.varve.conformance.DriverFixture;

@RequiresDeviceMapper
class Ext4ConformanceTest extends DriverConformance {
    @Override
    protected DriverFixture fixture() {
        return new DeviceMapperFixture(FilesystemKind.EXT4, 96L << 20);
    }
}
