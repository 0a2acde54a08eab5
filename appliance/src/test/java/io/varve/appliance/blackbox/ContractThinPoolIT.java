package io.varve.appliance.blackbox;

import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of volumes on thin pools. */
@RequiresDeviceMapper
class ContractThinPoolIT extends VolumeContract {
    @RegisterExtension
    static final Stage stage = new Stage(
            "devicemapper",
            2048,
            "{'dm.loopdatasize':'4 GiB','dm.loopmetadatasize':'32 MiB','dm.basesize':'1 GiB','dm.fs':'ext4'}");

    @Override
    Stage stage() {
        return stage;
    }
}
