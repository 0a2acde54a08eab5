package io.varve.appliance.blackbox;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Hostile archives on btrfs. */
@RequiresBtrfs
class HostileArchiveIT extends HostileArchiveContract {
    @RegisterExtension
    static final Stage stage = new Stage("btrfs", 256);

    @Override
    Stage stage() {
        return stage;
    }
}
