package io.varve.conformance;

import java.util.Map;

/** A driver that can do nothing but what all can, so that the kit's own refusals are tried. */
class FewCapabilitiesConformanceTest extends DriverConformance {
    @Override
    protected DriverFixture fixture() {
        String all = "COMMITS_FILESYSTEM,RESIZE,IMPORT,NATIVE_STREAM,EXCLUSIVE_SIZE,CHANGE_DETECTION";
        return new SimulatedFixture(Map.of(SimulatedDriverProvider.WITHOUT, all));
    }
}
