package io.varve.driver.nfs;

import io.varve.conformance.DriverConformance;
import io.varve.conformance.DriverFixture;

/** Against a plain server. */
@RequiresNfs
class NfsConformanceTest extends DriverConformance {
    @Override
    protected DriverFixture fixture() {
        return new NfsFixture();
    }
}
