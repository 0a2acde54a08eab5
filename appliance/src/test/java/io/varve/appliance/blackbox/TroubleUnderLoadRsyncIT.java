package io.varve.appliance.blackbox;

import org.junit.jupiter.api.extension.RegisterExtension;

/** A filesystem that fails under load, on plain directories. */
@RequiresBtrfs
class TroubleUnderLoadRsyncIT extends TroubleUnderLoadContract {
    @RegisterExtension
    static final Stage stage = new Stage("rsync", 1024);

    @Override
    Stage stage() {
        return stage;
    }

    /** rsync tells of a directory that is gone in its own way, and the driver sees an empty root that holds no volume. */
    @Override
    String[] troubles() {
        return new String[] {"IO_FAILED", "COMMAND_FAILED", "VOLUME_NOT_FOUND"};
    }
}
