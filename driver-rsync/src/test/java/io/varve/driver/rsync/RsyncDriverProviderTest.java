package io.varve.driver.rsync;

import io.varve.spi.Availability;
import io.varve.spi.DriverProvider;
import io.varve.spi.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;

import static org.assertj.core.api.Assertions.assertThat;

class RsyncDriverProviderTest {
    private final DriverProvider provider = new RsyncDriverProvider();

    @Test
    void itIsFoundAsAService() {
        assertThat(ServiceLoader.load(DriverProvider.class))
                .extracting(found -> found.type().value())
                .contains("rsync");
    }

    @Test
    void aRootThatDoesNotExistYetIsJudgedByItsNearestAncestor(@TempDir Path temp) throws IOException {
        assertThat(provider.probe(temp.resolve("not/yet/there"))).isEqualTo(Availability.available());
        assertThat(temp).isEmptyDirectory();
        Path file = Files.createFile(temp.resolve("file"));
        assertThat(provider.probe(file.resolve("store"))).isInstanceOf(Availability.Unavailable.class);
    }

    @Test
    void aFilesystemWithoutFilesOfOurOwnIsRefusedWithTheReason() {
        assertThat(provider.probe(Path.of("/proc/store")))
                .isInstanceOfSatisfying(Availability.Unavailable.class, no -> assertThat(no.code())
                        .isEqualTo(ErrorCode.FILESYSTEM_UNSUITABLE));
    }

    @Test
    void aValueThatIsNeitherTrueNorFalseIsAProblem() {
        assertThat(provider.problems(Map.of("rsync.checksum", "yes")))
                .singleElement()
                .asString()
                .contains("'yes'");
        assertThat(provider.problems(Map.of("rsync.checksum", "true"))).isEmpty();
        assertThat(provider.problems(Map.of())).isEmpty();
        assertThat(provider.options()).extracting("name").containsExactly("rsync.checksum");
    }
}
