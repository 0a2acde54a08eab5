package io.varve.conformance;

import java.util.Map;

class SimulatedConformanceTest extends DriverConformance {
    @Override
    protected DriverFixture fixture() {
        return new SimulatedFixture(Map.of());
    }
}
