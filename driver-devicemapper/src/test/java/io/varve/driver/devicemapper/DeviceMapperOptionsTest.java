package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapperOptions.PoolSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class DeviceMapperOptionsTest {
    private static final Map<String, String> FILES = Map.of("dm.loopdatasize", "1 GiB");

    private static DeviceMapperOptions with(String name, String value) {
        Map<String, String> all = new HashMap<>(FILES);
        all.put(name, value);
        return DeviceMapperOptions.parse(all);
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        DeviceMapperOptions options = DeviceMapperOptions.parse(FILES);

        assertThat(options.problems()).isEmpty();
        assertThat(options.source()).contains(new PoolSource.Files(1L << 30, 2L << 30));
        assertThat(options.baseSize()).isEmpty();
        assertThat(options.filesystem()).isEmpty();
        assertThat(options.blockSize()).isEmpty();
        assertThat(options.minFreePercent()).isEqualTo(10);
        assertThat(options.overwrite()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "512b,512",
        "64k,65536",
        "64 KiB,65536",
        "10g,10737418240",
        "10 GB,10737418240",
        "2T,2199023255552",
        "1p,1125899906842624"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(with("dm.basesize", text).baseSize()).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "ten", "1.5g", "1  g", "9999999p", "1x"})
    void whatIsNoSizeIsSaid(String text) {
        assertThat(with("dm.basesize", text).problems())
                .singleElement()
                .asString()
                .contains("dm.basesize", text);
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        List<String> problems = DeviceMapperOptions.parse(Map.of(
                        "dm.datadev", "sdb",
                        "dm.fs", "btrfs",
                        "dm.min_free_space", "10",
                        "dm.blocksize", "100k",
                        "dm.blkdiscard", "maybe",
                        "enablelvmmonitoring", "yes"))
                .problems();

        for (String name : List.of("datadev", "dm.fs", "min_free", "blocksize", "blkdiscard", "lvmmonitoring")) {
            assertThat(problems).anyMatch(problem -> problem.contains(name));
        }
    }

    @Test
    void onePoolMustBeNamed() {
        assertThat(DeviceMapperOptions.parse(Map.of()).problems())
                .singleElement()
                .asString()
                .contains("dm.thinpooldev", "dm.datadev", "dm.loopdatasize");
        assertThat(with("dm.thinpooldev", "vg-pool").problems())
                .singleElement()
                .asString()
                .contains("more than one");
    }

    @Test
    void aPoolIsNamedWithItsDirectoryOrWithout() {
        for (String name : List.of("vg-pool", "/dev/mapper/vg-pool")) {
            assertThat(DeviceMapperOptions.parse(Map.of("dm.thinpooldev", name)).source())
                    .contains(new PoolSource.Existing("vg-pool"));
        }
        assertThat(DeviceMapperOptions.parse(Map.of("dm.thinpooldev", "/dev/vg/pool"))
                        .problems())
                .isNotEmpty();
    }

    @Test
    void twoDisksBelongTogether() {
        Map<String, String> disks = Map.of("dm.datadev", "/dev/sdb", "dm.metadatadev", "/dev/sdc");

        assertThat(DeviceMapperOptions.parse(disks).source())
                .contains(new PoolSource.Disks(Path.of("/dev/sdb"), Path.of("/dev/sdc")));
        assertThat(DeviceMapperOptions.parse(Map.of("dm.metadatadev", "/dev/sdc"))
                        .problems())
                .singleElement()
                .asString()
                .contains("give both");
        assertThat(DeviceMapperOptions.parse(Map.of("dm.datadev", "/dev/sdb", "dm.metadatadev", "/dev/sdb"))
                        .problems())
                .singleElement()
                .asString()
                .contains("same disk");
    }

    @Test
    void theFilesystemIsTheOneAskedFor() {
        assertThat(with("dm.fs", "xfs").filesystem()).contains(FilesystemKind.XFS);
        assertThat(with("dm.mkfsarg", "-i  size=1024 -q").makeArguments()).containsExactly("-i", "size=1024", "-q");
        assertThat(with("dm.mountopt", "noatime,nobarrier").mountOptions()).containsExactly("noatime", "nobarrier");
    }
}
