package io.varve.driver.btrfs;

import io.varve.driver.btrfs.BtrfsIoctls.BlockGroups;
import io.varve.driver.btrfs.BtrfsIoctls.Request;
import io.varve.driver.btrfs.BtrfsIoctls.Struct;
import io.varve.driver.btrfs.BtrfsIoctls.SubvolumeInfo;
import io.varve.linux.RawName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** The numbers are what a C compiler makes of linux/btrfs.h. */
class BtrfsIoctlsTest {
    @ParameterizedTest
    @CsvSource({
        "SNAP_DESTROY, 5000940f",
        "SPACE_INFO, c0109414",
        "WAIT_SYNC, 40089416",
        "SNAP_CREATE_V2, 50009417",
        "START_SYNC, 80089418",
        "SUBVOL_CREATE_V2, 50009418",
        "SUBVOL_GETFLAGS, 80089419",
        "SUBVOL_SETFLAGS, 4008941a",
        "FS_INFO, 8400941f",
        "SEND, 40489426",
        "GET_SUBVOL_INFO, 81f8943c",
        "GET_SUBVOL_ROOTREF, d000943d",
        "INO_LOOKUP_USER, d000943e"
    })
    void requestsHaveTheNumbersOfTheKernelHeader(Request request, String number) {
        assertThat(Long.toHexString(request.number())).isEqualTo(number);
    }

    @Test
    void aSnapshotArgumentHasItsFieldsWhereTheKernelReadsThem() {
        Struct struct = BtrfsIoctls.volume(7, 2, RawName.of("läbel"));

        assertThat(struct.number(0)).isEqualTo(7);
        assertThat(struct.number(16)).isEqualTo(2);
        assertThat(struct.text(56)).isEqualTo("läbel");
        assertThat(struct.number(24)).as("no quota group").isZero();
    }

    @Test
    void subvolumeInfoIsReadFromItsOffsets() {
        Struct struct = Request.GET_SUBVOL_INFO.struct().number(0, 300).number(288, 1);
        struct.name(296, RawName.of("0123456789abcdef")).name(312, RawName.of("ABCDEFGHIJKLMNOP"));

        SubvolumeInfo info = SubvolumeInfo.parse(struct);

        assertThat(info.id()).isEqualTo(300);
        assertThat(info.readOnly()).isTrue();
        assertThat(info.uuid()).isEqualTo(UUID.fromString("30313233-3435-3637-3839-616263646566"));
        assertThat(info.parent()).isEqualTo(UUID.fromString("41424344-4546-4748-494a-4b4c4d4e4f50"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, Data single",
        "0x22, System DUP",
        "0x24, Metadata DUP",
        "0x14, Metadata RAID1",
        "0x9, Data RAID0",
        "0x41, Data RAID10",
        "0x81, Data RAID5",
        "0x101, Data RAID6",
        "0x204, Metadata RAID1C3",
        "0x404, Metadata RAID1C4",
        "0x25, Data+Metadata DUP",
        "0x2000000000004, GlobalReserve single"
    })
    void spaceIsCalledByItsKindAndRedundancy(String flags, String label) {
        assertThat(new BlockGroups(Long.decode(flags), 0, 0).label()).isEqualTo(label);
    }

    @Test
    void spacesAreReadAsFarAsTheKernelFilledThem() {
        Struct struct = new Struct(16 + 2 * 24).number(0, 2).number(8, 1);
        struct.number(16, 1).number(24, 4096).number(32, 512);

        assertThat(BlockGroups.parse(struct)).containsExactly(new BlockGroups(1, 4096, 512));
    }
}
