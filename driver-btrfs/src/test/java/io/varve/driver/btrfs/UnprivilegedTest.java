package io.varve.driver.btrfs;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.spi.ErrorCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The driver in a process of a user without any right, against the real kernel. */
@RequiresBtrfs
class UnprivilegedTest {
    private static final int NOBODY = 65534;

    @TempDir
    static Path temp;

    private static BtrfsFilesystem filesystem;
    private static String classPath;

    @BeforeAll
    static void copyClasses() throws IOException {
        filesystem = BtrfsFilesystem.make();
        Kernel.setPermissions(temp, 0755);
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, 0)) {
            Path copy = temp.resolve(copies.size() + "-" + Path.of(entry).getFileName());
            BtrfsFilesystem.run("cp", "-r", entry, copy.toString());
            copies.add(copy.toString());
        }
        BtrfsFilesystem.run("chmod", "-R", "a+rX", temp.toString());
        classPath = String.join(File.pathSeparator, copies);
    }

    @AfterAll
    static void removeFilesystem() throws IOException {
        filesystem.close();
    }

    @Test
    void withoutTheRightToRemoveSubvolumesTheReasonAndTheWaysOutAreSaid() throws IOException {
        String answer = child("probe", ownDirectory("probed").toString());

        assertThat(answer)
                .startsWith(ErrorCode.PERMISSION_DENIED.name())
                .contains("CAP_SYS_ADMIN", "user 65534", "user_subvol_rm_allowed", "sudo -n")
                .contains(filesystem.path().toString());
    }

    @Test
    void aRootThatMayNotBeWrittenIsNamed() throws IOException {
        Path root = Files.createDirectory(filesystem.path().resolve("roots"));

        assertThat(child("probe", root.resolve("store").toString()))
                .startsWith(ErrorCode.PERMISSION_DENIED.name())
                .contains("may not write to " + root);
    }

    @Test
    void whereTheMountLetsOwnersRemoveEverythingButStreamsWorks() throws IOException {
        Path root = ownDirectory("owned");
        filesystem.remount("user_subvol_rm_allowed");
        try {
            assertThat(child("probe", root.toString())).isEqualTo("available\n");
            assertThat(child("life", root.toString()))
                    .isEqualTo("old new\n4 " + ErrorCode.NOT_SUPPORTED + "\nleft [][][]\n");
        } finally {
            filesystem.unmount();
            filesystem.mount();
        }
    }

    @Test
    void whatTheKernelRefusesGoesThroughSudoAndNothingElseDoes() throws IOException {
        Path directory = ownDirectory("sudo");
        Subvolumes root = new IoctlSubvolumes();
        root.create(directory.resolve("theirs"));
        Files.writeString(directory.resolve("theirs/file"), "content");
        root.create(directory.resolve("gone"));
        Files.writeString(directory.resolve("gone/file"), "content");

        List<String> commands = child("sudo", directory.toString()).lines().toList();

        assertThat(commands)
                .containsExactly(
                        "/usr/bin/btrfs subvolume snapshot -r " + directory + "/theirs " + directory + "/read",
                        "/usr/bin/btrfs subvolume snapshot " + directory + "/theirs " + directory + "/write",
                        "taken: true",
                        "/usr/bin/btrfs property set -t subvol " + directory + "/theirs ro true",
                        "/usr/bin/btrfs subvolume delete --commit-after " + directory + "/gone");
        commands.stream()
                .filter(command -> command.startsWith("/"))
                .map(command -> List.of(command.split(" ", -1)))
                .forEach(command -> Commands.run(command, Duration.ofMinutes(1)).orThrow("do as sudo would"));
        assertThat(TestStore.isReadOnly(directory.resolve("copy"))).isTrue();
        assertThat(TestStore.isReadOnly(directory.resolve("read"))).isTrue();
        assertThat(TestStore.isReadOnly(directory.resolve("write"))).isFalse();
        assertThat(TestStore.isReadOnly(directory.resolve("theirs"))).isTrue();
        assertThat(directory.resolve("gone")).doesNotExist();
    }

    private static Path ownDirectory(String name) throws IOException {
        Path directory = Files.createDirectory(filesystem.path().resolve(name));
        Kernel.setOwner(directory, NOBODY, NOBODY);
        return directory;
    }

    private static String child(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Commands.find("setpriv")
                        .orElseThrow(() -> Commands.missing("setpriv"))
                        .toString(),
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                UnprivilegedChild.class.getName()));
        command.addAll(List.of(arguments));
        return Commands.run(command, Duration.ofMinutes(1))
                .orThrow("run as nobody")
                .output();
    }
}
