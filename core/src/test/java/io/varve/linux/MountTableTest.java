package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class MountTableTest {
    private static final String TABLE = """
            22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro
            30 22 0:45 /volumes /srv/vols rw,noatime shared:7 master:3 propagate_from:2 - btrfs /dev/loop0 rw,space_cache=v2
            31 30 0:46 / /srv/vols/with\\040blank\\011tab\\134slash\\012line rw - tmpfs none\\040such rw
            32 22 0:47 / /srv/vols2 ro - tmpfs tmpfs rw
            33 22 0:48 / /srv/\\303\\244 rw - nfs4 server:/export rw,addr=10.0.0.1
            34 32 0:49 / /srv/vols2 rw - xfs /dev/over rw
            this line is no mount
            35 22 0:50 / /short rw -
            """;

    private final MountTable table = MountTable.parse(TABLE);

    @TempDir
    Path temp;

    @Test
    void everyFieldIsRead() {
        MountTable.Mount mount = table.mounts().get(1);

        assertThat(mount.id()).isEqualTo(30);
        assertThat(mount.device()).isEqualTo("0:45");
        assertThat(mount.root()).isEqualTo("/volumes");
        assertThat(mount.point()).isEqualTo(Path.of("/srv/vols"));
        assertThat(mount.type()).isEqualTo("btrfs");
        assertThat(mount.source()).isEqualTo("/dev/loop0");
        assertThat(mount.options()).containsExactly("rw", "noatime", "rw", "space_cache=v2");
        assertThat(mount.propagation()).containsExactly("shared:7", "master:3", "propagate_from:2");
    }

    @Test
    void blanksTabsBackslashesNewlinesAndLettersBeyondAsciiComeBack() {
        assertThat(table.mounts().get(2).point()).isEqualTo(Path.of("/srv/vols/with blank\ttab\\slash\nline"));
        assertThat(table.mounts().get(2).source()).isEqualTo("none such");
        assertThat(table.mounts().get(4).point()).isEqualTo(Path.of("/srv/ä"));
    }

    @Test
    void linesThatAreNoMountsArePassedOver() {
        assertThat(table.mounts()).hasSize(6);
    }

    @Test
    void aPathIsOnTheLongestMountAboveItAndTheLastOfEqualOnes() {
        assertThat(table.holding(Path.of("/srv/vols/app/file")))
                .hasValueSatisfying(mount -> assertThat(mount.id()).isEqualTo(30));
        assertThat(table.holding(Path.of("/srv/vols3")))
                .hasValueSatisfying(mount -> assertThat(mount.id()).isEqualTo(22));
        assertThat(table.holding(Path.of("/srv/vols2/x")))
                .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("xfs"));
    }

    @Test
    void whatIsBelowAPathIsNotThePathItselfNorItsNamesake() {
        assertThat(table.below(Path.of("/srv/vols")))
                .extracting(MountTable.Mount::id)
                .containsExactly(31L);
    }

    @Test
    void thisProcessHasARootMount() throws IOException {
        assertThat(MountTable.read().holding(Path.of("/"))).isPresent();
    }

    @Test
    @RootOnly
    void aFreshMountWithAnAwkwardNameIsFoundByItsId() throws IOException {
        Path point = Files.createDirectory(temp.resolve("a b\\c\nd"));
        try (MountedPlace mount = MountedPlace.tmpfs(point)) {
            assertThat(MountTable.read().below(temp))
                    .singleElement()
                    .satisfies(found -> assertThat(found.point()).isEqualTo(mount.path()))
                    .satisfies(found ->
                            assertThat(found.id()).isEqualTo(Kernel.stat(point).mount()));
            assertThat(Kernel.stat(point).mountRoot()).isTrue();
        }
    }
}
