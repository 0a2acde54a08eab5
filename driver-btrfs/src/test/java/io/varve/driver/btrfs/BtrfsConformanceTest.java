package io.varve.driver.btrfs;

import io.varve.conformance.DriverConformance;
import io.varve.conformance.DriverFixture;

@RequiresBtrfs
class BtrfsConformanceTest extends DriverConformance {
    @Override
    protected DriverFixture fixture() {
        return new BtrfsFixture();
    }
}
