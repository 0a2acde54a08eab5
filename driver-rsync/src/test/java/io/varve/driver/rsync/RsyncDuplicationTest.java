package io.varve.driver.rsync;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/** Where a filesystem can share data between files, a copy takes no space and no time. */
class RsyncDuplicationTest {
    private static final int LARGE = 96 << 20;
    private static final int SMALL = 100;
    private static final long FILESYSTEM = 1L << 30;

    /** A large file, a small one, one with two names, one with a hole, an attribute, a closed directory. */
    private static void fill(Path head) throws IOException {
        byte[] content = new byte[LARGE];
        new Random(7).nextBytes(content);
        Files.write(head.resolve("large"), content);
        Files.write(head.resolve("small"), Arrays.copyOf(content, SMALL));
        Files.createLink(head.resolve("second"), Files.write(head.resolve("first"), Arrays.copyOf(content, 1 << 20)));
        try (RandomAccessFile sparse =
                new RandomAccessFile(head.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(8 << 20);
            sparse.seek(4 << 20);
            sparse.write(content, 0, 1 << 20);
        }
        Path closed = Files.createDirectory(head.resolve("closed"));
        Files.write(closed.resolve("inside"), Arrays.copyOf(content, 1 << 20));
        Kernel.setPermissions(closed, 0500);
        Kernel.setPermissions(head.resolve("large"), 0640);
        Kernel.setOwner(head.resolve("large"), 12, 34);
        run("setfattr", "-n", "user.origin", "-v", "head", head.resolve("large").toString());
    }

    private static void run(String program, String... arguments) {
        Path path = Commands.find(program).orElseThrow(() -> Commands.missing(program));
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(arguments));
        Commands.run(command, Duration.ofSeconds(30)).orThrow("prepare the test");
    }

    private static long used(Path root) throws IOException {
        run("sync", "-f", root.toString());
        return Kernel.space(root).used();
    }

    @ParameterizedTest
    @ValueSource(strings = {"btrfs", "xfs"})
    void snapshotsAndRollbacksShareTheDataAndAreTheSame(String type) throws IOException {
        Assumptions.assumeTrue(LoopFilesystem.isPossible(type));
        try (LoopFilesystem filesystem = LoopFilesystem.make(type, FILESYSTEM);
                TestStore store = TestStore.withVolume(filesystem.path().resolve("root"))) {
            assertThat(store.driver().status().data()).containsEntry("DataCopied", "shared extents");
            fill(store.head());
            var before = TestStore.describe(store.head());
            long used = used(store.layout.root());

            store.take("one");
            assertThat(TestStore.describe(store.snapshot("one"))).isEqualTo(before);
            Files.writeString(store.head().resolve("large"), "gone");
            store.revert("one", "undo");
            assertThat(TestStore.describe(store.head())).isEqualTo(before);

            assertThat(used(store.layout.root()) - used).isLessThan(LARGE / 4);
        }
    }

    @Test
    void whatIsWrittenAfterwardsStaysOutOfTheSnapshot() throws IOException {
        Assumptions.assumeTrue(LoopFilesystem.isPossible("btrfs"));
        try (LoopFilesystem filesystem = LoopFilesystem.make("btrfs", FILESYSTEM);
                TestStore store = TestStore.withVolume(filesystem.path().resolve("root"))) {
            fill(store.head());
            store.take("one");
            var before = TestStore.describe(store.snapshot("one"));
            try (RandomAccessFile large =
                    new RandomAccessFile(store.head().resolve("large").toFile(), "rw")) {
                large.write(new byte[1 << 20]);
            }

            assertThat(TestStore.describe(store.snapshot("one"))).isEqualTo(before);
        }
    }

    @Test
    void elsewhereRsyncCopies() throws IOException {
        Assumptions.assumeTrue(LoopFilesystem.isPossible("ext4"));
        try (LoopFilesystem filesystem = LoopFilesystem.make("ext4", FILESYSTEM);
                TestStore store = TestStore.withVolume(filesystem.path().resolve("root"))) {
            fill(store.head());
            var before = TestStore.describe(store.head());

            store.take("one");

            assertThat(store.driver().status().data()).containsEntry("DataCopied", "by rsync");
            assertThat(TestStore.describe(store.snapshot("one"))).isEqualTo(before);
        }
    }
}
