package io.varve.driver.nfs;

import io.varve.linux.MountTable.Mount;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class MountTraitsTest {
    private static Mount mount(String type, String options) {
        return new Mount(1, "0:32", "/", Path.of("/mnt"), type, "nas:/x", List.of(options.split(",", -1)), List.of());
    }

    private static MountTraits nfs(String options) {
        return MountTraits.of(mount("nfs4", options)).orElseThrow();
    }

    @Test
    void anyOtherFilesystemIsNone() {
        assertThat(MountTraits.of(mount("ext4", "rw,relatime"))).isEmpty();
    }

    @Test
    void theVersionTellsWhatIsCarried() {
        MountTraits newest = nfs("rw,vers=4.2,softerr");
        MountTraits older = nfs("rw,vers=4.1,softerr");
        MountTraits oldest = nfs("rw,vers=3,softerr");

        assertThat(newest.carriesAttributes()).isTrue();
        assertThat(older.carriesAttributes()).isFalse();
        assertThat(newest.carriesAccessLists()).isFalse();
        assertThat(oldest.carriesAccessLists()).isTrue();
        assertThat(nfs("rw,vers=3,noacl").carriesAccessLists()).isFalse();
    }

    @Test
    void whatThisHostKnowsOfFilesIsAMinuteOldAtMostUnlessTheMountSaysOtherwise() {
        assertThat(nfs("rw,vers=4.2").outdated()).isEqualTo(Duration.ofSeconds(60));
        assertThat(nfs("rw,acregmin=1,acregmax=1,acdirmin=1,acdirmax=5").outdated())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(nfs("rw,noac").outdated()).isZero();
    }

    @Test
    void peopleAreToldWhatAMountThatWaitsForEverMeans() {
        assertThat(nfs("rw,vers=4.2,hard").facts().get("NfsDeadServer")).contains("wait for ever", "hard");
        assertThat(nfs("rw,vers=4.2,softerr").facts()).containsEntry("NfsDeadServer", "most calls fail after a while");
    }
}
