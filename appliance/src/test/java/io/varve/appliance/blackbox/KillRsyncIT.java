package io.varve.appliance.blackbox;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Kills on plain directories. {@code -Dvarve.kill.rsync.rounds=25} */
@RequiresBtrfs
class KillRsyncIT extends KillContract {
    @RegisterExtension
    static final Stage stage = new Stage("rsync", 2048);

    @Override
    Stage stage() {
        return stage;
    }

    @Override
    int rounds() {
        return Integer.getInteger("varve.kill.rsync.rounds", 25);
    }
}
