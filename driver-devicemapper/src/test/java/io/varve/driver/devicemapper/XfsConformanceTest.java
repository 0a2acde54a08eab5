package io.varve.driver.devicemapper;

import io.varve.conformance.DriverConformance;
import io.varve.conformance.DriverFixture;

@RequiresDeviceMapper
class XfsConformanceTest extends DriverConformance {
    @Override
    protected DriverFixture fixture() {
        return new DeviceMapperFixture(FilesystemKind.XFS, 300L << 20);
    }
}
