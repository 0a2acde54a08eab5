package io.varve.conformance;

import io.varve.spi.ErrorCode;
import io.varve.volume.Store;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Full names of snapshots without their volumes. */
abstract class LocatePromises extends PromiseGroup {
    private static void volumes(Rig rig) {
        for (String name : new String[] {"shop", "shop_db", "shop_db_old"}) {
            rig.snapshot(rig.volume(name), "x");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "shop_x, shop, x",
        "shop_db_x, shop_db, x",
        "shop_db_old_x, shop_db_old, x",
        "shop_dbx, shop, dbx",
        "shop_db_, shop, db_",
        "shop_db_oldx, shop_db, oldx",
    })
    void theLongestVolumeNameItBeginsWithDecides(String name, String volume, String label, Rig rig) {
        volumes(rig);

        Store.Located located = rig.store().locate(name);

        assertThat(located.volume().name().value()).isEqualTo(volume);
        assertThat(located.label().value()).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource({"blog_x", "shop", "_x", "sho_p"})
    void aNameThatBeginsWithNoVolumeIsNotFound(String name, Rig rig) {
        volumes(rig);

        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> rig.store().locate(name), name);
    }

    @Test
    void theOwnerOfAVolumeOrSnapshotIsFound(Rig rig) {
        volumes(rig);
        Volume volume = rig.find("shop_db");

        assertThat(rig.store().tenantOf("shop_db")).isEqualTo(volume);
        assertThat(rig.store().tenantOf("shop_db_x")).isEqualTo(volume);
        assertThat(rig.store().tenantOf("shop_x").name().tenant()).isEqualTo("shop");
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> rig.store().tenantOf("shop_db_y"), "y", "shop_db");

        rig.snapshot(volume, "y");
        assertThat(rig.store().tenantOf("shop_db_y")).isEqualTo(volume);
    }
}
