package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** A driver that is a jar in the drivers directory, and jars there that are none. */
@RequiresBtrfs
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DropInIT {
    private static final String PROVIDER = """
            package sample;
            import io.varve.spi.*;
            import java.nio.file.Path;
            import java.util.*;
            public final class SampleProvider implements DriverProvider {
                @Override public DriverType type() { return DriverType.of("sample"); }
                @Override public List<DriverOption> options() {
                    return List.of(new DriverOption("sample.colour", "The colour of it.", "blue"));
                }
                @Override public Set<Capability> capabilities() { return Set.of(); }
                @Override public Availability probe(Path root) { return Availability.missing("it is but a sample"); }
                @Override public List<String> problems(Map<String, String> options) { return List.of(); }
                @Override public Driver open(StoreLayout layout, Map<String, String> options) {
                    throw new StorageException(ErrorCode.DRIVER_UNAVAILABLE, "it is but a sample");
                }
            }
            """;

    @TempDir
    Path directory;

    private Path drivers() throws IOException {
        return Files.createDirectories(directory.resolve("drivers"));
    }

    /** Compiled against the contract alone, as a driver's author would. */
    private void jar(String name, String source, String service) throws IOException {
        Path classes = Files.createDirectories(directory.resolve(name + "-classes"));
        if (!source.isEmpty()) {
            Path file = directory.resolve("SampleProvider.java");
            Files.writeString(file, source);
            tool("javac", "-d", classes.toString(), "-cp", contract(), file.toString());
        }
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("io.varve.spi.DriverProvider"), service + "\n");
        tool("jar", "--create", "--file", drivers().resolve(name + ".jar").toString(), "-C", classes.toString(), ".");
    }

    private static void tool(String name, String... arguments) {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
        command.addAll(List.of(arguments));
        Programs.run(new ProcessBuilder(command)).succeeded();
    }

    private static String contract() {
        return Appliance.checkout().resolve("core/target/classes").toString();
    }

    private static JsonNode driver(Appliance appliance, String type) {
        for (JsonNode driver :
                appliance.api().get("/api/v1/drivers").expect(200).json().path("items")) {
            if (driver.path("type").asText().equals(type)) {
                return driver;
            }
        }
        throw new AssertionError("no driver " + type + ": " + appliance.api().get("/api/v1/drivers"));
    }

    @Test
    void aGoodJarIsADriverAndBadOnesHarmNothing() throws IOException {
        jar("sample", PROVIDER, "sample.SampleProvider");
        jar("missing", "", "sample.NoSuchProvider");
        jar("twin", PROVIDER.replace("\"sample\"", "\"btrfs\""), "sample.SampleProvider");
        jar(
                "thrower",
                PROVIDER.replace(
                        "@Override public DriverType",
                        "public SampleProvider() { throw new "
                                + "IllegalStateException(\"sulking\"); } @Override public DriverType"),
                "sample.SampleProvider");
        Files.writeString(drivers().resolve("garbage.jar"), "this is no jar");
        try (LoopImage image = LoopImage.btrfs(256);
                Appliance appliance = new Appliance()) {
            String yaml = "stores:\n  - { name: default, driver: btrfs, root: " + image.path() + "/store }\n";
            appliance
                    .with("VARVE_DRIVERS_DIR", drivers().toString())
                    .configured(yaml)
                    .start();
            if (Appliance.binary().isEmpty()) {
                jarsAreLoaded(appliance);
            } else {
                jarsAreShown(appliance);
            }
            assertThat(driver(appliance, "btrfs").path("source").asText()).isEqualTo("built-in");
            broken(appliance, "garbage.jar", "not a jar");
            theRestWorks(appliance);
        }
    }

    private static void jarsAreLoaded(Appliance appliance) {
        JsonNode sample = driver(appliance, "sample");
        assertThat(sample.path("source").asText()).isEqualTo("jar");
        assertThat(sample.path("available").asBoolean(true)).isFalse();
        assertThat(sample.path("reason").asText()).isEqualTo("it is but a sample");
        assertThat(sample.path("options").path(0).path("name").asText()).isEqualTo("sample.colour");
        broken(appliance, "missing.jar", "NoSuchProvider");
        broken(appliance, "twin.jar", "btrfs");
        broken(appliance, "thrower.jar", "sulking");
    }

    /** A native binary cannot load them; it says so, and where they would be drivers. */
    private static void jarsAreShown(Appliance appliance) {
        List.of("sample.jar", "missing.jar", "twin.jar", "thrower.jar")
                .forEach(jar -> broken(appliance, jar, "run the build for a Java VM"));
    }

    private static void broken(Appliance appliance, String jar, String reason) {
        JsonNode driver = driver(appliance, jar);
        assertThat(driver.path("source").asText()).isEqualTo("jar");
        assertThat(driver.path("available").asBoolean(true)).isFalse();
        assertThat(driver.path("reason").asText()).isNotBlank().contains(reason);
    }

    /** The store is of the configuration file, which the API does not change. */
    private static void theRestWorks(Appliance appliance) {
        Api api = appliance.api();
        api.post("/api/v1/stores/default/volumes", "{'name':'v'}").expect(201);
        api.post("/api/v1/stores/default/volumes/v/snapshots", "{'label':'s'}").expect(201);
        api.delete("/api/v1/stores/default").refused(400, "REQUEST_INVALID");
        api.get("/api/v1/stores/default/volumes/v/snapshots/s").expect(200);
        api.post("/api/v1/stores", "{'name':'s','driver':'sample','root':'/tmp/varve-it-never'}")
                .refused(422, Appliance.binary().isEmpty() ? "DRIVER_UNAVAILABLE" : "DRIVER_UNKNOWN");
        assertThat(Path.of("/tmp/varve-it-never")).doesNotExist();
    }
}
