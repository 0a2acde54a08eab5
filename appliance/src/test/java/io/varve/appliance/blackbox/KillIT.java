package io.varve.appliance.blackbox;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Kills on btrfs. {@code -Dvarve.kill.rounds=25} */
@RequiresBtrfs
class KillIT extends KillContract {
    @RegisterExtension
    static final Stage stage = new Stage("btrfs", 2048);

    @Override
    Stage stage() {
        return stage;
    }

    @Override
    int rounds() {
        return Integer.getInteger("varve.kill.rounds", 25);
    }
}
