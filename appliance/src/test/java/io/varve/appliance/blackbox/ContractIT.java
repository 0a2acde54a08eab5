package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of volumes on btrfs. */
@RequiresBtrfs
class ContractIT extends VolumeContract {
    @RegisterExtension
    static final Stage stage = new Stage("btrfs", 512);

    @Override
    Stage stage() {
        return stage;
    }

    @Test
    void nobodyCanWriteIntoASnapshot() {
        String volume = stage.volume("sealed");
        Programs.run("touch", stage.root().resolve("sealed/file").toString());
        stage.snapshot(volume, "one");
        Path kept = Roots.trees(stage.root(), "btrfs", "sealed").resolve("one/file");
        assertThat(Programs.run(new ProcessBuilder("touch", kept.toString())).exit())
                .isNotZero();
    }
}
