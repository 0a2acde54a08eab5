package io.varve.linux;

import io.varve.linux.DetachedMount.Access;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A filesystem is made ready at no place, and appears at one in a single step. */
@RootOnly
class DetachedMountTest {
    private static final Path NO_DEVICE = Path.of("none");

    @TempDir
    private Path place;

    @AfterEach
    void unmountAll() throws IOException {
        while (Kernel.stat(place).mountRoot()) {
            Mounts.detach(place);
        }
    }

    private static DetachedMount memory(Access access, String... options) throws IOException {
        return DetachedMount.of("tmpfs", NO_DEVICE, List.of(options), access);
    }

    /** One that holds a file with this text. */
    private static DetachedMount holding(String text) throws IOException {
        DetachedMount mount = memory(Access.WRITABLE, "size=64k", "mode=0755");
        try (Directory top = mount.top();
                Descriptor file = top.openFile(RawName.of("file"), 0600, OpenFlag.NEW, OpenFlag.WRITE)) {
            var bytes = java.nio.ByteBuffer.allocateDirect(text.length());
            bytes.put(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).flip();
            file.write(bytes, 0);
        }
        return mount;
    }

    @Test
    void whatWasDoneBeforeItWasAttachedIsThere() throws IOException {
        try (DetachedMount mount = holding("inside")) {
            assertThat(place).isEmptyDirectory();
            mount.attach(place);
        }

        assertThat(place.resolve("file")).hasContent("inside");
        assertThat(Kernel.stat(place).mountRoot()).isTrue();
        Mounts.unmount(place);
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void optionsOfAnyMountAreTakenBesideThoseOfTheFilesystem() throws IOException {
        String[] options = {"size=64k", "noatime", "nodev", "nosuid", "noexec", "nodiratime"};
        try (DetachedMount mount = memory(Access.READ_ONLY_VIEW, options)) {
            mount.attach(place);
        }

        assertThat(Files.readAllLines(Path.of("/proc/self/mounts")))
                .filteredOn(line -> line.contains(" " + place + " "))
                .singleElement()
                .asString()
                .contains("ro,", "noatime", "nodev", "nosuid", "noexec", "nodiratime", "size=64k");
    }

    @Test
    void anOptionThatNoneKnowsIsRefusedWithoutMounting() throws IOException {
        DetachedMount.requireOptions("tmpfs", List.of("size=64k", "noatime"));

        assertThatThrownBy(() -> DetachedMount.requireOptions("tmpfs", List.of("noatime", "bogus")))
                .isInstanceOfSatisfying(KernelException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.EINVAL))
                .hasMessageContaining("bogus");
    }

    @Test
    void closedWithoutAPlaceItIsGone() throws IOException {
        holding("nowhere").close();

        assertThat(place).isEmptyDirectory();
    }

    @Test
    void aViewCannotBeWrittenThrough() throws IOException {
        for (Access access : List.of(Access.READ_ONLY, Access.READ_ONLY_VIEW)) {
            try (DetachedMount mount = memory(access)) {
                mount.attach(place);
            }
            assertThatThrownBy(() -> Files.createFile(place.resolve("new")))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("Read-only");
            Mounts.unmount(place);
        }
    }

    @Test
    void whatIsInUseIsNotUnmountedButCanBeDetached() throws IOException {
        try (DetachedMount mount = holding("used")) {
            mount.attach(place);
        }
        try (Descriptor used = Kernel.open(place.resolve("file"), OpenFlag.READ)) {
            assertThatThrownBy(() -> Mounts.unmount(place))
                    .isInstanceOfSatisfying(KernelException.class, failure -> assertThat(failure.errno())
                            .isEqualTo(Errno.EBUSY));
            Mounts.detach(place);
            assertThat(place).isEmptyDirectory();
            assertThat(used.stat().size()).isEqualTo(4);
        }
    }

    /** Where the kernel cannot, it says so and nothing is done. */
    @Test
    void oneBeneathAnotherAppearsWhenThatGoes() throws IOException {
        try (DetachedMount first = holding("first");
                DetachedMount second = holding("second")) {
            first.attach(place);
            boolean beneath = second.attachBeneath(place);

            assertThat(place.resolve("file")).hasContent("first");
            Mounts.detach(place);
            if (beneath) {
                assertThat(place.resolve("file")).hasContent("second");
            } else {
                assertThat(place).isEmptyDirectory();
            }
        }
    }

    @Test
    void aRefusalHasTheKernelsOwnWords() {
        assertThatThrownBy(() -> memory(Access.WRITABLE, "no-such-option"))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("no-such-option")
                .hasMessageContaining("tmpfs");
        assertThatThrownBy(() -> DetachedMount.of("no-such-type", NO_DEVICE, List.of(), Access.WRITABLE))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("fsopen");
    }
}
