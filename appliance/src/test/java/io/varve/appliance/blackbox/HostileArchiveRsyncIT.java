package io.varve.appliance.blackbox;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Hostile archives on plain directories. */
@RequiresBtrfs
class HostileArchiveRsyncIT extends HostileArchiveContract {
    @RegisterExtension
    static final Stage stage = new Stage("rsync", 256);

    @Override
    Stage stage() {
        return stage;
    }
}
