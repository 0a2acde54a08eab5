package io.varve.linux;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class TreeUsersTest {
    private final List<Process> started = new ArrayList<>();

    @TempDir
    Path temp;

    @AfterEach
    void endPrograms() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aTreeThatNobodyUsesHasNoUsers() throws IOException {
        assertThat(TreeUsers.of(temp)).isEmpty();
    }

    @Test
    void aProgramWithAnOpenFileIsFoundByItsNumberNameAndFile() throws IOException {
        Path file = Files.createFile(Files.createDirectory(temp.resolve("data")).resolve("base"));
        long process = start("exec 3<'" + file + "'; echo ready; read line");

        assertThat(TreeUsers.of(temp))
                .containsExactly(new TreeUsers.User(process, "process " + process + " (sh) uses data/base"));
    }

    @Test
    void aRemovedFileThatIsStillOpenCounts() throws IOException {
        Path file = Files.createFile(temp.resolve("gone"));
        long process = start("exec 3<'" + file + "'; rm '" + file + "'; echo ready; read line");

        assertThat(TreeUsers.of(temp)).extracting(TreeUsers.User::process).containsExactly(process);
    }

    @Test
    void aFileThatIsMappedAndClosedCounts() throws IOException {
        Path file = Files.writeString(temp.resolve("mapped"), "content");
        MappedByteBuffer mapping;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
        }

        assertThat(TreeUsers.of(temp)).singleElement().satisfies(user -> {
            assertThat(user.process()).isEqualTo(ProcessHandle.current().pid());
            assertThat(user.what()).endsWith("uses mapped");
        });
        assertThat(mapping.get(0)).as("mapped until here").isEqualTo((byte) 'c');
    }

    @Test
    @RootOnly
    void rootMayLookAtEverybody() throws IOException {
        assertThat(TreeUsers.look(temp).unseen()).isZero();
    }

    @Test
    void aWorkingDirectoryCounts() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("inside"));
        long process = start("cd '" + directory + "'; echo ready; read line");

        assertThat(TreeUsers.of(temp)).extracting(TreeUsers.User::process).containsExactly(process);
        assertThat(TreeUsers.of(directory))
                .extracting(TreeUsers.User::what)
                .containsExactly("process " + process + " (sh) uses the volume's directory");
    }

    @Test
    void aProgramThatRunsFromTheTreeCounts() throws IOException {
        Path program = temp.resolve("own-shell");
        Files.copy(Path.of("/bin/sh").toRealPath(), program, StandardCopyOption.COPY_ATTRIBUTES);
        long process = start("exec '" + program + "' -c 'echo ready; read line'");

        assertThat(TreeUsers.of(temp)).extracting(TreeUsers.User::process).containsExactly(process);
    }

    @Test
    void aNeighbourWhoseNameBeginsTheSameIsAnother() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("app"));
        Path neighbour = Files.createDirectory(temp.resolve("app2"));
        long process = start("cd '" + neighbour + "'; echo ready; read line");

        assertThat(TreeUsers.of(tree)).isEmpty();
        assertThat(TreeUsers.of(neighbour)).extracting(TreeUsers.User::process).containsExactly(process);
    }

    @Test
    @RootOnly
    void aMountBelowTheTreeCounts() throws IOException {
        try (MountedPlace mount = MountedPlace.tmpfs(temp.resolve("tree/inside"))) {
            assertThat(TreeUsers.of(temp.resolve("tree")))
                    .containsExactly(new TreeUsers.User(0, "tmpfs is mounted at " + mount.path()));
        }
    }

    @Test
    @RootOnly
    void aSecondMountOfTheTreeCountsAndSoDoesWhoWorksThere() throws IOException {
        Path tree = Files.createDirectories(temp.resolve("tree/data"));
        try (MountedPlace mount = MountedPlace.bind(temp.resolve("tree"), temp.resolve("bound"))) {
            Files.createFile(tree.resolve("file"));
            long process = start("exec 3<'" + mount.path() + "/data/file'; echo ready; read line");

            assertThat(TreeUsers.of(temp.resolve("tree")))
                    .containsExactlyInAnyOrder(
                            new TreeUsers.User(0, "it is mounted at " + mount.path() + " too"),
                            new TreeUsers.User(process, "process " + process + " (sh) uses data/file"));
            endPromptly(process);
        }
    }

    @Test
    @RootOnly
    void aContainerThatHasTheTreeMountedUnderAnotherPathCounts() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Path other = Files.createDirectory(temp.resolve("other"));
        Path point = Files.createDirectory(temp.resolve("point"));
        long process = start("exec unshare --mount --propagation private sh -c \"mount --bind '" + tree + "' '" + point
                + "'; echo ready; read line\"");

        assertThat(TreeUsers.of(tree))
                .containsExactly(
                        new TreeUsers.User(process, "process " + process + " (sh) has it mounted at " + point));
        assertThat(TreeUsers.of(other)).isEmpty();
    }

    @Test
    @RootOnly
    void aServiceThatMerelyHasACopyOfAllMountsIsNoUserUntilItOpensSomething() throws IOException {
        Path idle = Files.createDirectory(temp.resolve("idle"));
        Path used = Files.createDirectory(temp.resolve("used"));
        long process =
                start("exec unshare --mount --propagation private sh -c \"cd '" + used + "'; echo ready; read line\"");

        assertThat(TreeUsers.of(idle)).isEmpty();
        assertThat(TreeUsers.of(used)).extracting(TreeUsers.User::process).containsExactly(process);
    }

    /** Starts a shell and waits until its script says that it is ready. */
    private long start(String script) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
        started.add(process);
        try (InputStream kept = process.getInputStream()) {
            String first = new BufferedReader(new java.io.InputStreamReader(kept, StandardCharsets.UTF_8)).readLine();
            assertThat(first).isEqualTo("ready");
        }
        return process.pid();
    }

    private static void endPromptly(long process) {
        ProcessHandle.of(process).ifPresent(handle -> {
            handle.destroyForcibly();
            handle.onExit().join();
        });
    }
}
