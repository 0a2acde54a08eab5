package io.varve.appliance.blackbox;

import org.junit.jupiter.api.extension.RegisterExtension;

/** A filesystem that fails under load, on btrfs. */
@RequiresBtrfs
class TroubleUnderLoadIT extends TroubleUnderLoadContract {
    @RegisterExtension
    static final Stage stage = new Stage("btrfs", 1024);

    @Override
    Stage stage() {
        return stage;
    }

    @Override
    String[] troubles() {
        return new String[] {"IO_FAILED"};
    }
}
