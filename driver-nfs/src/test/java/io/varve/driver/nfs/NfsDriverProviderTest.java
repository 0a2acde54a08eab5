package io.varve.driver.nfs;

import io.varve.spi.Availability;
import io.varve.spi.DriverProvider;
import io.varve.spi.ErrorCode;
import io.varve.spi.RootMounting;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NfsDriverProviderTest {
    private static final Map<String, String> NAMED = Map.of("nfs.server", "nas.invalid", "nfs.path", "/x");

    @TempDir
    Path directory;

    @Test
    void itIsFoundAndSaysWhatALocalRootLacks() {
        DriverProvider provider =
                ServiceLoader.load(DriverProvider.class).findFirst().orElseThrow();

        assertThat(provider.type().value()).isEqualTo("nfs");
        assertThat(provider.probe(directory))
                .isInstanceOfSatisfying(Availability.Unavailable.class, no -> assertThat(no.reason())
                        .contains("is not on NFS", "nfs.server", "nfs.path"));
    }

    @Test
    void whatLiesWhereTheMountWillBeIsNotHidden() throws IOException {
        Files.writeString(directory.resolve("file"), "mine");

        assertRefused(directory, ErrorCode.BAD_MOUNT, "is not empty");
        assertThat(directory.resolve("file")).hasContent("mine");
    }

    @Test
    void aFileIsNoPlaceToMountOn() throws IOException {
        assertRefused(Files.createFile(directory.resolve("file")), ErrorCode.NOT_A_DIRECTORY, "is not a directory");
    }

    @Test
    void anotherFilesystemAtTheRootIsNamed() {
        assertRefused(Path.of("/proc"), ErrorCode.BAD_MOUNT, "(proc) is mounted at '/proc', not 'nas.invalid:/x'");
    }

    private static void assertRefused(Path root, ErrorCode code, String reason) {
        RootMounting mounting = new NfsDriverProvider();
        assertThatThrownBy(() -> mounting.mountRoot(root, NAMED))
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(code))
                .hasMessageContaining(reason);
    }
}
