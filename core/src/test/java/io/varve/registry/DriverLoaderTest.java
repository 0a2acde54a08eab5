package io.varve.registry;

import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class DriverLoaderTest {
    @TempDir
    Path drivers;

    @TempDir
    Path work;

    private final DriverRegistry registry = new DriverRegistry();
    private final DriverLoader loader = new DriverLoader(registry, true);

    private static String provider(String name, String type, String more) {
        return """
                package drop.box;

                import io.varve.spi.*;
                import java.nio.file.Path;
                import java.util.*;

                public final class NAME implements DriverProvider {
                    public DriverType type() { return DriverType.of("TYPE"); }
                    public List<DriverOption> options() { return List.of(); }
                    public Set<Capability> capabilities() { return Set.of(); }
                    public Availability probe(Path root) { return Availability.missing(answer()); }
                    public List<String> problems(Map<String, String> options) { return List.of(); }
                    public Driver open(StoreLayout layout, Map<String, String> options) {
                        throw new StorageException(ErrorCode.DRIVER_UNAVAILABLE, "never");
                    }
                    MORE
                }
                """.replace("NAME", name).replace("TYPE", type).replace("MORE", more);
    }

    private static final String PLAIN_ANSWER = "private String answer() { return \"from the jar\"; }";

    private JarMaker jar() {
        return new JarMaker(work);
    }

    private List<DriverEntry.Broken> broken() {
        return registry.entries().stream()
                .filter(DriverEntry.Broken.class::isInstance)
                .map(DriverEntry.Broken.class::cast)
                .toList();
    }

    private DriverProvider loaded(String type) {
        loader.loadJars(drivers);
        return registry.require(DriverType.of(type));
    }

    @Test
    void aGoodJarIsADriverInAClassLoaderOfItsOwn() throws IOException {
        jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER))
                .services("drop.box.Good")
                .pack(drivers.resolve("good.jar"));
        jar().source("drop.box.Good", provider("Good", "other", PLAIN_ANSWER))
                .services("drop.box.Good")
                .pack(drivers.resolve("other.jar"));

        DriverProvider good = loaded("good");
        DriverProvider other = registry.require(DriverType.of("other"));

        assertThat(good.probe(drivers)).hasToString("Unavailable[code=DRIVER_UNAVAILABLE, reason=from the jar]");
        assertThat(good.getClass())
                .isNotEqualTo(other.getClass())
                .hasToString(other.getClass().toString());
        assertThat(good.getClass().getClassLoader())
                .isNotEqualTo(other.getClass().getClassLoader());
        assertThat(registry.entries())
                .hasOnlyElementsOfType(DriverEntry.Found.class)
                .allMatch(entry -> entry.source() == DriverEntry.Source.JAR);
    }

    @Test
    void whereNoClassCanBeLoadedAJarIsShownWithWhatToDo() throws IOException {
        jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER))
                .services("drop.box.Good")
                .pack(drivers.resolve("good.jar"));
        Files.writeString(drivers.resolve("text.jar"), "this is no jar, whatever its name says");

        new DriverLoader(registry, false).loadJars(drivers);

        assertThat(broken()).extracting(DriverEntry.Broken::name).containsExactly("good.jar", "text.jar");
        assertThat(broken().get(0).reason()).contains("native binary").contains("run the build for a Java VM instead");
        assertThat(broken().get(1).reason()).contains("it is not a jar file");
    }

    @Test
    void aJarMayHoldSeveralDrivers() throws IOException {
        jar().source("drop.box.One", provider("One", "one", PLAIN_ANSWER))
                .source("drop.box.Two", provider("Two", "two", PLAIN_ANSWER))
                .services("drop.box.One", "drop.box.Two")
                .pack(drivers.resolve("both.jar"));

        loader.loadJars(drivers);

        assertThat(registry.entries()).hasSize(2).hasOnlyElementsOfType(DriverEntry.Found.class);
    }

    @Test
    void aJarWithoutAServiceIsRememberedWithTheReason() throws IOException {
        jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER)).pack(drivers.resolve("mute.jar"));

        loader.loadJars(drivers);

        assertThat(broken())
                .containsExactly(new DriverEntry.Broken(
                        "mute.jar",
                        DriverEntry.Source.JAR,
                        "it names no driver in META-INF/services/io.varve.spi.DriverProvider"));
    }

    @Test
    void aServiceThatNamesAnAbsentClassIsRememberedAndTheNextOneIsLoaded() throws IOException {
        jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER))
                .services("drop.box.Absent", "drop.box.Good")
                .pack(drivers.resolve("half.jar"));

        assertThat(loaded("good")).isNotNull();
        assertThat(broken()).singleElement().satisfies(entry -> {
            assertThat(entry.name()).isEqualTo("half.jar");
            assertThat(entry.reason()).contains("drop.box.Absent");
        });
    }

    @Test
    void aClassThatBreaksWhenItIsMadeHarmsNoOther() throws IOException {
        String breaks = PLAIN_ANSWER + " public Breaks() { throw new IllegalStateException(\"I am broken\"); }";
        jar().source("drop.box.Breaks", provider("Breaks", "breaks", breaks))
                .services("drop.box.Breaks")
                .pack(drivers.resolve("a.jar"));
        String links =
                "private String answer() { return \"\"; } static { if (true) throw new LinkageError(\"bad link\"); }";
        jar().source("drop.box.Links", provider("Links", "links", links))
                .services("drop.box.Links")
                .pack(drivers.resolve("b.jar"));
        jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER))
                .services("drop.box.Good")
                .pack(drivers.resolve("c.jar"));

        assertThat(loaded("good")).isNotNull();
        assertThat(broken()).hasSize(2);
        assertThat(broken().get(0).reason()).contains("I am broken");
        assertThat(broken().get(1).reason()).contains("bad link");
    }

    @Test
    void aProviderWhoseTypeIsNoneIsRememberedWithTheReason() throws IOException {
        jar().source("drop.box.Shouts", provider("Shouts", "LOUD", PLAIN_ANSWER))
                .services("drop.box.Shouts")
                .pack(drivers.resolve("shouts.jar"));

        loader.loadJars(drivers);

        assertThat(broken()).singleElement().satisfies(entry -> assertThat(entry.reason())
                .contains("invalid driver type 'LOUD'"));
    }

    @Test
    void ofTwoJarsWithOneTypeTheFirstByNameIsTheDriver() throws IOException {
        jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER))
                .services("drop.box.Good")
                .pack(drivers.resolve("a.jar"));
        jar().source("drop.box.Same", provider("Same", "good", PLAIN_ANSWER))
                .services("drop.box.Same")
                .pack(drivers.resolve("b.jar"));

        assertThat(loaded("good").getClass().getSimpleName()).isEqualTo("Good");
        assertThat(broken())
                .containsExactly(new DriverEntry.Broken(
                        "b.jar", DriverEntry.Source.JAR, "a driver of type 'good' is registered already"));
    }

    @Test
    void aJarCannotTakeTheTypeOfABuiltInDriver() throws IOException {
        TestProvider builtIn = new TestProvider("good");
        registry.register(builtIn, DriverEntry.Source.BUILT_IN);
        jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER))
                .services("drop.box.Good")
                .pack(drivers.resolve("a.jar"));

        assertThat(loaded("good")).isSameAs(builtIn);
        assertThat(broken()).hasSize(1);
    }

    @Test
    void whatIsNoZipFileIsRememberedAsThat() throws IOException {
        Files.writeString(drivers.resolve("text.jar"), "this is no jar, whatever its name says");
        Files.createFile(drivers.resolve("empty.jar"));
        Files.createDirectory(drivers.resolve("directory.jar"));

        loader.loadJars(drivers);

        assertThat(broken())
                .extracting(DriverEntry.Broken::name)
                .containsExactly("directory.jar", "empty.jar", "text.jar");
        assertThat(broken().get(2).reason()).contains("it is not a jar file");
        assertThat(broken().get(1).reason()).contains("it is not a jar file");
    }

    @Test
    void otherFilesAndAnAbsentDirectoryAreNothing() throws IOException {
        Files.writeString(drivers.resolve("README"), "drop drivers here");

        loader.loadJars(drivers);
        loader.loadJars(drivers.resolve("absent"));

        assertThat(registry.entries()).isEmpty();
    }

    @Test
    void aJarThatBringsItsOwnCopyOfTheContractUsesOurs() throws IOException {
        String forged = """
                package io.varve.spi;

                public interface DriverProvider {
                    String forged();
                }
                """;
        JarMaker maker = jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER));
        maker.source("io.varve.spi.DriverProvider", forged)
                .services("drop.box.Good")
                .pack(drivers.resolve("bundled.jar"));

        DriverProvider good = loaded("good");

        assertThat(good.type()).isEqualTo(DriverType.of("good"));
        assertThat(good.getClass().getInterfaces()).containsExactly(DriverProvider.class);
        assertThat(broken()).isEmpty();
    }

    @Test
    void aJarSeesTheContractAndTheKernelsDoorButNothingElseOfOurs() throws IOException {
        String looks = """
                private String answer() {
                    StringBuilder seen = new StringBuilder();
                    for (String name : List.of("io.varve.linux.Kernel", "jnr.ffi.Runtime", "io.varve.registry.Roots",
                            "com.fasterxml.jackson.databind.ObjectMapper", "org.junit.jupiter.api.Test")) {
                        try {
                            Class.forName(name);
                            seen.append(name).append(' ');
                        } catch (ClassNotFoundException hidden) {
                        }
                    }
                    return seen.toString().strip();
                }
                """;
        jar().source("drop.box.Looks", provider("Looks", "looks", looks))
                .services("drop.box.Looks")
                .pack(drivers.resolve("looks.jar"));

        assertThat(loaded("looks").probe(drivers))
                .hasToString("Unavailable[code=DRIVER_UNAVAILABLE, reason=io.varve.linux.Kernel jnr.ffi.Runtime]");
    }

    @Test
    void driversOnTheClassPathAreBuiltIn() throws IOException {
        Path jar = jar().source("drop.box.Good", provider("Good", "good", PLAIN_ANSWER))
                .services("drop.box.Good")
                .pack(work.resolve("class-path.jar"));
        try (URLClassLoader classPath =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadBuiltIn(classPath);
        }

        assertThat(registry.entries())
                .anySatisfy(entry -> assertThat(entry)
                        .isInstanceOfSatisfying(DriverEntry.Found.class, found -> assertThat(found.type())
                                .hasToString("good")))
                .allMatch(entry -> entry.source() == DriverEntry.Source.BUILT_IN);
    }
}
