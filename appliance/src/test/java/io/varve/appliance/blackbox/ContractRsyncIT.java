package io.varve.appliance.blackbox;

import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of volumes on plain directories. */
@RequiresBtrfs
class ContractRsyncIT extends VolumeContract {
    @RegisterExtension
    static final Stage stage = new Stage("rsync", 512);

    @Override
    Stage stage() {
        return stage;
    }
}
