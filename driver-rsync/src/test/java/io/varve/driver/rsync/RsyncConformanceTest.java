package io.varve.driver.rsync;

import io.varve.conformance.DriverConformance;
import io.varve.conformance.DriverFixture;

class RsyncConformanceTest extends DriverConformance {
    @Override
    protected DriverFixture fixture() {
        return new RsyncFixture();
    }
}
