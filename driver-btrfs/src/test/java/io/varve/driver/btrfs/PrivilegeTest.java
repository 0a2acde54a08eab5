package io.varve.driver.btrfs;

import io.varve.driver.btrfs.Subvolumes.Privilege;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PrivilegeTest {
    @ParameterizedTest
    @CsvSource({
        "000001ffffffffff, 0 0 4294967295, true",
        "0000000000200000, 0 0 4294967295, true",
        "000001ffffdfffff, 0 0 4294967295, false",
        "0000000000000000, 0 0 4294967295, false",
        "000001ffffffffff, 0 1000 1, false"
    })
    void onlyTheHostsOwnAdministratorCounts(String effective, String userMap, boolean administrator) {
        String status = "Name:\tjava\nCapPrm:\t000001ffffffffff\nCapEff:\t" + effective + "\nCapBnd:\t0\n";

        assertThat(Privilege.isAdministrator(status, "         " + userMap.replace(" ", "          ") + "\n"))
                .isEqualTo(administrator);
    }
}
