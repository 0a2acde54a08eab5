package io.varve.registry;

import io.varve.spi.Capability;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StoreOpenerTest {
    private static final DriverType SAND = DriverType.of("sand");
    private static final DriverType CLAY = DriverType.of("clay");
    private static final Map<String, String> NO_OPTIONS = Map.of();

    @TempDir
    Path temp;

    private Path root;
    private final DriverRegistry registry = new DriverRegistry();
    private final TestProvider sand = new TestProvider("sand");
    private final TestProvider clay = new TestProvider("clay", Capability.RESIZE, Capability.IMPORT);
    private final StoreOpener opener = new StoreOpener(registry);

    @BeforeEach
    void registerDrivers() throws IOException {
        root = temp.toRealPath().resolve("root");
        registry.register(sand, DriverEntry.Source.BUILT_IN);
        registry.register(clay, DriverEntry.Source.BUILT_IN);
    }

    @Test
    void aFreshRootGetsItsDirectoriesAndFlag() throws IOException {
        try (OpenStore store = opener.open(root, SAND, Map.of("size", "5"))) {
            StoreLayout layout = store.layout();

            assertThat(Roots.detect(root)).contains(SAND);
            assertThat(layout.flagFile()).content().contains("\"format\":1").contains("\"driver\":\"sand\"");
            assertThat(store.options()).containsOnly(Map.entry("size", "5"));
            assertThat(permissions(layout.snapshots())).isEqualTo("rwxr-xr-x");
            assertThat(permissions(layout.catalog())).isEqualTo("rwx------");
            assertThat(permissions(layout.journal())).isEqualTo("rwx------");
            assertThat(permissions(layout.driverPrivate())).isEqualTo("rwx------");
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void anExistingStoreIsOpenedAgainAndKeepsItsFlag() throws IOException {
        opener.open(root, SAND, NO_OPTIONS).close();
        Path flag = new StoreLayout(root, SAND).flagFile();
        Files.writeString(flag, "{\"format\":1,\"kept\":true}\n");

        opener.open(root, SAND, NO_OPTIONS).close();

        assertThat(flag).content().contains("kept");
    }

    @Test
    void aStoreOfALaterFormatIsRefusedUntouchedAndAnEmptyFlagIsOurs() throws IOException {
        opener.open(root, SAND, NO_OPTIONS).close();
        Path flag = new StoreLayout(root, SAND).flagFile();
        Files.writeString(flag, "{\"format\": 2, \"driver\": \"sand\"}");

        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, "has format 2", () -> opener.open(root, SAND, NO_OPTIONS));
        assertThat(flag).content().contains("2");

        Files.writeString(flag, "");
        opener.open(root, SAND, NO_OPTIONS).close();
    }

    @Test
    void withoutAnOrderTheDriverOfTheStoreIsChosenElseTheMostCapable() {
        assertThat(opener.choose(root, Optional.empty())).isEqualTo(CLAY);
        clay.worksAt(path -> false);
        assertThat(opener.choose(root, Optional.empty())).isEqualTo(SAND);
        opener.open(root, SAND, NO_OPTIONS).close();
        clay.worksAt(path -> true);
        assertThat(opener.choose(root, Optional.empty())).isEqualTo(SAND);
    }

    @Test
    void aDriverThatFailsToAnswerIsOneThatCannotWork() {
        clay.worksAt(path -> {
            throw new IllegalStateException("a bug");
        });

        assertThat(opener.choose(root, Optional.empty())).isEqualTo(SAND);
        assertRefused(
                ErrorCode.DRIVER_UNAVAILABLE,
                "failed when it was asked; the log says how",
                () -> opener.open(root, CLAY, NO_OPTIONS));
        assertThat(registry.entries())
                .filteredOn(entry -> entry instanceof DriverEntry.Found found
                        && found.obstacleOnThisHost().isPresent())
                .hasSize(1);
        assertThat(root).doesNotExist();
    }

    @Test
    void whereNoDriverWorksNoneIsChosen() {
        sand.worksAt(path -> false);
        clay.worksAt(path -> false);

        assertRefused(
                ErrorCode.DRIVER_UNAVAILABLE, "no driver can work at", () -> opener.choose(root, Optional.empty()));
    }

    @Test
    void aStoreOfAnotherDriverIsRefusedAndOfTheSameAccepted() throws IOException {
        opener.open(root, SAND, NO_OPTIONS).close();
        List<String> before = everything(root);

        assertRefused(
                ErrorCode.STORE_OTHER_DRIVER, "is a store of driver 'sand'", () -> opener.open(root, CLAY, NO_OPTIONS));

        assertThat(everything(root)).isEqualTo(before);
        opener.open(root, SAND, NO_OPTIONS).close();
    }

    @Test
    void anUnknownDriverIsRefused() {
        assertRefused(ErrorCode.DRIVER_UNKNOWN, "'mud'", () -> opener.open(root, DriverType.of("mud"), NO_OPTIONS));
        assertThat(root).doesNotExist();
    }

    @Test
    void aDriverThatCannotWorkHereSaysWhyAndLeavesNothing() {
        sand.worksAt(path -> false);

        assertRefused(
                ErrorCode.FILESYSTEM_UNSUITABLE, "the stars are wrong", () -> opener.open(root, SAND, NO_OPTIONS));
        assertThat(root).doesNotExist();
    }

    @Test
    void allThatIsWrongWithTheOptionsIsSaidAtOnce() {
        Map<String, String> options = Map.of("size", "big", "colour", "blue", "weight", "1", "age", "2");

        assertRefused(
                ErrorCode.OPTION_INVALID,
                "driver 'sand' refuses its options: unknown option 'age'; unknown option 'weight'; "
                        + "option 'size' is no number; option 'colour' is not red",
                () -> opener.open(root, SAND, options));
        assertThat(root).doesNotExist();
    }

    @Test
    void aRootInsideAStoreIsRefusedWhetherThatIsOpenOrNot() throws IOException {
        Path inside = root.resolve("volume/inside");
        try (OpenStore outer = opener.open(root, SAND, NO_OPTIONS)) {
            assertThat(outer.layout().root()).isEqualTo(root);
            assertNested(inside, root, "lies inside the store at");
        }
        assertNested(inside, root, "lies inside the store at");
        assertThat(root.resolve("volume")).doesNotExist();
    }

    @Test
    void aRootAroundAStoreIsRefusedWhetherThatIsOpenOrNot() throws IOException {
        Path inner = root.resolve("some/where/inner");
        try (OpenStore store = opener.open(inner, SAND, NO_OPTIONS)) {
            assertThat(store.layout().root()).isEqualTo(inner);
            assertNested(root, inner, "has inside it the store at");
        }
        assertNested(root, inner, "has inside it the store at");
        assertThat(root).isDirectoryNotContaining("glob:**/.sand");
    }

    @Test
    void anOpenStoreFarBelowIsKnownWithoutASearch() throws IOException {
        Path inner = root.resolve("1/2/3/4/5/6/7/8/9/inner");
        try (OpenStore store = opener.open(inner, SAND, NO_OPTIONS)) {
            assertThat(store.layout().root()).isEqualTo(inner);
            assertNested(root, inner, "has inside it the store at");
        }
    }

    @Test
    void neighboursWhoseNamesBeginTheSameAreNotNested() throws IOException {
        try (OpenStore one = opener.open(root, SAND, NO_OPTIONS);
                OpenStore other = opener.open(root.resolveSibling("root2"), SAND, NO_OPTIONS)) {
            assertThat(one.layout().root()).isNotEqualTo(other.layout().root());
        }
    }

    private void assertNested(Path refused, Path other, String how) {
        assertRefused(
                ErrorCode.PATH_IS_STORE,
                "'" + refused + "' " + how + " '" + other + "'",
                () -> opener.open(refused, SAND, NO_OPTIONS));
    }

    @Test
    void aFileIsNoRoot() throws IOException {
        Path file = Files.createFile(temp.toRealPath().resolve("file"));

        assertRefused(ErrorCode.NOT_A_DIRECTORY, "'" + file + "'", () -> opener.open(file, SAND, NO_OPTIONS));
        assertRefused(
                ErrorCode.NOT_A_DIRECTORY,
                "'" + file + "'",
                () -> opener.open(file.resolve("below"), SAND, NO_OPTIONS));
        assertThat(file).isEmptyFile();
    }

    @Test
    void aDriverThatFailsToOpenLeavesAFreshRootAsItWas() throws IOException {
        sand.atOpen(layout -> {
            throw new StorageException(ErrorCode.FILESYSTEM_UNSUITABLE, "not with me");
        });

        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, "not with me", () -> opener.open(root, SAND, NO_OPTIONS));
        assertThat(root).doesNotExist();

        Files.writeString(Files.createDirectory(root).resolve("file"), "stays");
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, "not with me", () -> opener.open(root, SAND, NO_OPTIONS));
        assertThat(everything(root)).containsExactly("file");
    }

    @Test
    void whatADriverLeftOfItsOwnWhenItFailedStaysForItsNextTry() throws IOException {
        sand.atOpen(layout -> {
            write(layout.driverPrivate().resolve("pool"));
            throw new StorageException(ErrorCode.IO_FAILED, "midway");
        });

        assertRefused(ErrorCode.IO_FAILED, "midway", () -> opener.open(root, SAND, NO_OPTIONS));

        assertThat(root.resolve(".sand/driver/pool")).exists();
        assertThat(Roots.detect(root)).isEmpty();
        sand.atOpen(layout -> {});
        opener.open(root, SAND, NO_OPTIONS).close();
    }

    private static void write(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aDriverThatFailsToOpenGivesAnExistingStoreBackUnchanged() throws IOException {
        opener.open(root, SAND, NO_OPTIONS).close();
        List<String> before = everything(root);
        sand.atOpen(layout -> {
            throw new StorageException(ErrorCode.IO_FAILED, "not today");
        });

        assertRefused(ErrorCode.IO_FAILED, "not today", () -> opener.open(root, SAND, NO_OPTIONS));

        assertThat(everything(root)).isEqualTo(before);
        sand.atOpen(layout -> {});
        opener.open(root, SAND, NO_OPTIONS).close();
    }

    @Test
    void oneStoreIsOpenOnce() throws IOException {
        try (OpenStore first = opener.open(root, SAND, NO_OPTIONS)) {
            assertRefused(ErrorCode.BUSY, "is open", () -> opener.open(root, SAND, NO_OPTIONS));
            assertRefused(
                    ErrorCode.BUSY,
                    "is open in process " + ProcessHandle.current().pid(),
                    () -> new StoreOpener(registry).open(root, SAND, NO_OPTIONS));
            assertThat(first.layout().flagFile()).exists();
        }
        opener.open(root, SAND, NO_OPTIONS).close();
    }

    @Test
    void closingTwiceDoesNotLetGoOfAStoreThatIsOpenAnew() throws IOException {
        OpenStore first = opener.open(root, SAND, NO_OPTIONS);
        first.close();
        try (OpenStore second = opener.open(root, SAND, NO_OPTIONS)) {
            first.close();

            assertRefused(ErrorCode.BUSY, "is open", () -> opener.open(root, SAND, NO_OPTIONS));
            assertThat(second.layout().root()).isEqualTo(root);
        }
    }

    @Test
    void aStoreThatAnotherProcessHasIsBusyAndSaysWhichProcess() throws Exception {
        Process other = otherProcess(root);
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("open");
            List<String> before = everything(root);

            assertRefused(
                    ErrorCode.BUSY,
                    "'" + root + "' is open in process " + other.pid(),
                    () -> opener.open(root, SAND, NO_OPTIONS));

            assertThat(everything(root)).isEqualTo(before);
        } finally {
            other.destroyForcibly().waitFor();
        }
        // A killed process holds nothing any more.
        opener.open(root, SAND, NO_OPTIONS).close();
    }

    private static Process otherProcess(Path root) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(OtherProcess.class.getName(), root.toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Opens the store of its argument and waits to be killed. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] arguments) throws InterruptedException {
            DriverRegistry registry = new DriverRegistry();
            registry.register(new TestProvider("sand"), DriverEntry.Source.BUILT_IN);
            try (OpenStore store = new StoreOpener(registry).open(Path.of(arguments[0]), SAND, NO_OPTIONS)) {
                System.out.println(store.driver().volumes().isEmpty() ? "open" : "not empty");
                Thread.sleep(60_000);
            }
        }
    }

    private static List<String> everything(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !path.equals(root))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private static void assertRefused(ErrorCode code, String why, ThrowingCallable call) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(call)
                .withMessageContaining(why)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
