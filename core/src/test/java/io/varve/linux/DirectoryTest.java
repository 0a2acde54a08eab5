package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DirectoryTest {
    @TempDir
    Path temp;

    private static final RawName NOT_UTF8 = RawName.of(new byte[] {'x', (byte) 0xff, '\n', (byte) 0x80});

    @Test
    void systemCallsReachTheKernel() {
        assertThat(Kernel.isNative()).isTrue();
    }

    @Test
    void namesOfAnyBytesAreMadeListedAndRemoved() throws IOException {
        try (Directory directory = Directory.open(temp)) {
            directory.makeDirectory(NOT_UTF8, 0750);

            assertThat(directory.names()).containsExactly(NOT_UTF8);
            assertThat(directory.stat(NOT_UTF8).permissions() & 0700).isEqualTo(0700);

            directory.removeDirectory(NOT_UTF8);
            assertThat(directory.names()).isEmpty();
        }
    }

    @Test
    void entriesTellWhatTheyStandFor() throws IOException {
        Files.createFile(temp.resolve("file"));
        try (Directory directory = Directory.open(temp)) {
            long inode = directory.stat(RawName.of("file")).inode();

            assertThat(directory.entries()).containsExactly(new Directory.Entry(RawName.of("file"), inode));
        }
    }

    @Test
    void aLargeDirectoryIsListedWhole() throws IOException {
        for (int i = 0; i < 5000; i++) {
            Files.createFile(temp.resolve("file-with-a-rather-long-name-" + i));
        }
        try (Directory directory = Directory.open(temp)) {
            assertThat(directory.names()).hasSize(5000).doesNotHaveDuplicates();
            assertThat(directory.names()).hasSize(5000);
        }
    }

    @Test
    void timesOwnersModesAndAttributesAreKept() throws IOException {
        Files.createFile(temp.resolve("file"));
        RawName file = RawName.of("file");
        Instant time = Instant.ofEpochSecond(-5, 123_456_789);
        try (Directory directory = Directory.open(temp)) {
            directory.setPermissions(file, 04751);
            directory.setAttribute(file, "user.binary", new byte[] {0, (byte) 0xff, 7});
            directory.setModified(file, time);

            FileStat stat = directory.stat(file);
            assertThat(stat.permissions()).isEqualTo(04751);
            assertThat(stat.modified()).isEqualTo(time);
            assertThat(stat.kind()).isEqualTo(FileKind.REGULAR);
            assertThat(directory.attributes(file).get("user.binary")).containsExactly(0, 0xff, 7);
        }
    }

    @Test
    void symlinksFifosAndHardLinksAreTheirOwn() throws IOException {
        Files.createFile(temp.resolve("file"));
        try (Directory directory = Directory.open(temp)) {
            directory.makeSymlink(RawName.of("link"), NOT_UTF8);
            directory.makeNode(RawName.of("fifo"), FileKind.FIFO, 0600, 0);
            directory.makeLink(RawName.of("second"), directory, RawName.of("file"));

            assertThat(directory.readLink(RawName.of("link"))).isEqualTo(NOT_UTF8);
            assertThat(directory.stat(RawName.of("link")).kind()).isEqualTo(FileKind.SYMLINK);
            assertThat(directory.stat(RawName.of("fifo")).kind()).isEqualTo(FileKind.FIFO);
            assertThat(directory.stat(RawName.of("second")).links()).isEqualTo(2);
        }
    }

    @Test
    void aSparseFileShowsItsHoles() throws IOException {
        try (Directory directory = Directory.open(temp);
                Descriptor file = directory.openFile(RawName.of("sparse"), 0600, OpenFlag.READ_WRITE, OpenFlag.NEW)) {
            ByteBuffer data = ByteBuffer.allocateDirect(4096);
            file.write(data, 1 << 20);
            file.truncate(2 << 20);

            assertThat(file.nextData(0)).isEqualTo(OptionalLong.of(1 << 20));
            assertThat(file.nextHole(1 << 20)).isEqualTo(OptionalLong.of((1 << 20) + 4096));
            assertThat(file.nextData((1 << 20) + 4096)).isEmpty();
        }
    }

    @Test
    void aFileWithoutDataHasNone() throws IOException {
        try (Directory directory = Directory.open(temp);
                Descriptor file = directory.openFile(RawName.of("hole"), 0600, OpenFlag.READ_WRITE, OpenFlag.NEW)) {
            file.truncate(1 << 20);

            assertThatThrownBy(() -> directory.stat(RawName.of("absent"))).isInstanceOf(KernelException.class);
            for (int i = 0; i < 1000; i++) {
                assertThat(file.nextData(0)).isEmpty();
            }
        }
    }

    @Test
    void attributesOfAnySizeAndNumberAreRead() throws IOException {
        Files.createFile(temp.resolve("file"));
        RawName file = RawName.of("file");
        try (Directory directory = Directory.open(temp)) {
            assertThat(directory.attributes(file)).isEmpty();
            directory.setAttribute(file, "user.empty", new byte[0]);
            for (int i = 0; i < 20; i++) {
                directory.setAttribute(file, "user.number" + i, new byte[i * 5]);
            }

            assertThat(directory.attributes(file)).hasSize(21).hasEntrySatisfying("user.number19", value -> assertThat(
                            value)
                    .hasSize(95));
            assertThat(directory.attributes(file).get("user.empty")).isEmpty();
        }
    }

    @Test
    void nothingOutsideIsReachedThroughSymlinksOrParents() throws IOException {
        Files.createDirectory(temp.resolve("inside"));
        Files.createSymbolicLink(temp.resolve("out"), Path.of("/etc"));
        try (Directory directory = Directory.open(temp)) {
            directory.openBeneath(RawName.of("inside")).close();
            directory.openBeneath(RawName.of("")).close();

            for (String path : List.of("out", "../..", "inside/../..", "/etc")) {
                assertThatThrownBy(() -> directory.openBeneath(RawName.of(path)).close())
                        .as(path)
                        .isInstanceOf(KernelException.class);
            }
        }
    }

    @Test
    void aFailedCallNamesItselfItsSubjectAndTheReason() {
        assertThatThrownBy(() -> Kernel.stat(temp.resolve("absent")))
                .isInstanceOfSatisfying(KernelException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.ENOENT))
                .hasMessageContaining("stat " + temp + "/absent: No such file or directory");
    }

    @Test
    void twoDirectoriesChangePlacesInOneStep() throws IOException {
        Path one = Files.createDirectory(temp.resolve("one"));
        Path other = Files.createDirectory(temp.resolve("other"));
        Files.writeString(one.resolve("mark"), "1", StandardCharsets.UTF_8);

        Kernel.exchange(one, other);

        assertThat(other.resolve("mark")).exists();
        assertThat(one.resolve("mark")).doesNotExist();
    }

    @Test
    void renamingNeverReplacesWhatIsThere() throws IOException {
        Path one = Files.createDirectory(temp.resolve("one"));
        Path other = Files.createDirectory(temp.resolve("other"));

        assertThatThrownBy(() -> Kernel.renameNew(one, other))
                .isInstanceOfSatisfying(KernelException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.EEXIST));
    }
}
