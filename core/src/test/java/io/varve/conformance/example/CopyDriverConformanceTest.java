package io.varve.conformance.example;

import io.varve.conformance.DriverConformance;
import io.varve.conformance.DriverFixture;

class CopyDriverConformanceTest extends DriverConformance {
    @Override
    protected DriverFixture fixture() {
        return new CopyDriverFixture();
    }
}
