package io.varve.registry;

import io.varve.linux.MountTable;
import io.varve.linux.RealPaths;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RootsTest {
    private static final DriverType SAND = DriverType.of("sand");

    @TempDir
    Path temp;

    private Path real;

    @BeforeEach
    void resolve() throws IOException {
        real = temp.toRealPath();
    }

    private static Path store(Path root, DriverType type) throws IOException {
        Path flag = new StoreLayout(root, type).flagFile();
        Files.createDirectories(flag.resolveSibling("snapshots"));
        Files.createFile(flag);
        return root;
    }

    @Test
    void aRelativeRootIsRefused() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> Roots.canonical(Path.of("srv/volumes")))
                .withMessageContaining("'srv/volumes'")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PATH_NOT_ABSOLUTE));
    }

    @Test
    void everySpellingOfARootIsTheSame() throws IOException {
        Path root = Files.createDirectory(real.resolve("root"));
        Path link = Files.createSymbolicLink(real.resolve("link"), root);

        assertThat(Roots.canonical(root)).isEqualTo(root);
        assertThat(Roots.canonical(real.resolve("./root/x/.."))).isEqualTo(root);
        assertThat(Roots.canonical(link)).isEqualTo(root);
    }

    @Test
    void aRootThatIsNotThereYetIsResolvedAsFarAsItIs() throws IOException {
        Path root = Files.createDirectory(real.resolve("root"));
        Path link = Files.createSymbolicLink(real.resolve("link"), root);

        assertThat(Roots.canonical(link.resolve("a/b"))).isEqualTo(root.resolve("a/b"));
        assertThat(RealPaths.nearestExisting(link.resolve("a/b"))).isEqualTo(link);
    }

    @Test
    void aStoreIsKnownByItsFlagFileAlone() throws IOException {
        Path flagless = real.resolve("flagless");
        Files.createDirectories(flagless.resolve(".sand/snapshots"));
        Path foreign = Files.createDirectories(real.resolve("foreign"));
        Files.createDirectories(foreign.resolve(".Git_1/.initialized"));

        assertThat(Roots.detect(store(real.resolve("root"), SAND))).contains(SAND);
        assertThat(Roots.detect(flagless)).isEmpty();
        assertThat(Roots.detect(foreign)).isEmpty();
        assertThat(Roots.detect(real.resolve("absent"))).isEmpty();
    }

    @Test
    void aDirectoryWithTheNameOfTheFlagFileIsNone() throws IOException {
        Files.createDirectories(new StoreLayout(real, SAND).flagFile());

        assertThat(Roots.detect(real)).isEmpty();
    }

    @Test
    void ofTwoFlagsTheFirstByNameCountsWhateverTheOrderOnDisk() throws IOException {
        store(real, SAND);
        store(real.resolve("."), DriverType.of("clay"));

        assertThat(Roots.detect(real)).contains(DriverType.of("clay"));
    }

    @Test
    void theStoreAroundADirectoryIsFound() throws IOException {
        Path root = store(real.resolve("root"), SAND);

        assertThat(Roots.enclosing(root.resolve("volume/deep/down"), Set.of())).contains(root);
        assertThat(Roots.enclosing(root, Set.of())).isEmpty();
    }

    @Test
    void theStoreInsideADirectoryIsFoundAndItsOwnIsNot() throws IOException {
        Path outer = store(real.resolve("outer"), SAND);
        assertThat(Roots.enclosed(outer)).isEmpty();

        Path inner = store(outer.resolve("a/b/c/d"), SAND);
        assertThat(Roots.enclosed(outer)).contains(inner);
        assertThat(Roots.enclosed(real.resolve("absent"))).isEmpty();
    }

    @Test
    void aStoreBehindASymlinkIsNotInside() throws IOException {
        Path elsewhere = store(real.resolve("elsewhere"), SAND);
        Path outer = Files.createDirectory(real.resolve("outer"));
        Files.createSymbolicLink(outer.resolve("link"), elsewhere);

        assertThat(Roots.enclosed(outer)).isEmpty();
    }

    @Test
    void aServerThatMayNeverAnswerIsNotAsked() throws IOException {
        Path inner = store(real.resolve("outer/mnt/inner"), SAND);
        Path outer = real.resolve("outer");

        assertThat(new EnclosedRoot(mounted(inner.resolveSibling(""), "ext4")).below(outer, 5))
                .contains(inner);
        for (String type : List.of("nfs", "nfs4", "cifs", "autofs", "fuse.sshfs")) {
            assertThat(new EnclosedRoot(mounted(inner.resolveSibling(""), type)).below(outer, 5))
                    .as(type)
                    .isEmpty();
        }
    }

    private static MountTable mounted(Path point, String type) {
        return new MountTable(
                List.of(new MountTable.Mount(1, "0:42", "/", point, type, "server:/export", List.of("rw"), List.of())));
    }
}
