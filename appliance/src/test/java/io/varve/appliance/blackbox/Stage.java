package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * An appliance with a store {@code default} on a btrfs filesystem of its own, whatever its driver, for one test class. When a test fails, the end
 * of the appliance's log is printed.
 */
final class Stage implements BeforeAllCallback, AfterAllCallback, AfterTestExecutionCallback {
    private static final int SHOWN = 20_000;

    private final String driver;
    private final int mebibytes;
    private final String options;
    private @Nullable LoopImage image;
    private @Nullable Appliance appliance;

    /**
     * @param driver of the store
     * @param options of the driver, as JSON
     */
    Stage(String driver, int mebibytes, String options) {
        this.driver = driver;
        this.mebibytes = mebibytes;
        this.options = options;
    }

    Stage(String driver, int mebibytes) {
        this(driver, mebibytes, "{}");
    }

    Stage(int mebibytes) {
        this("btrfs", mebibytes);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        image = LoopImage.btrfs(mebibytes);
        appliance = new Appliance();
        appliance().start();
        api().post(
                        "/api/v1/stores",
                        "{'name':'default','driver':'" + driver + "','root':'" + root() + "','options':" + options
                                + "}")
                .expect(201);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            String log = appliance().log();
            System.err.println("The appliance's log at the end of " + context.getDisplayName() + ":\n"
                    + log.substring(Math.max(0, log.length() - SHOWN)));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try {
            if (appliance != null) {
                appliance.close();
            }
        } finally {
            if (image != null) {
                image.close();
            }
        }
    }

    String driver() {
        return driver;
    }

    LoopImage image() {
        return Objects.requireNonNull(image, "the stage is not set yet");
    }

    Appliance appliance() {
        return Objects.requireNonNull(appliance, "the stage is not set yet");
    }

    Api api() {
        return appliance().api();
    }

    /** The root of the store {@code default}. */
    Path root() {
        return image().path().resolve("store");
    }

    /** A new volume of the store {@code default}; answers its path in the API. */
    String volume(String name) {
        api().post("/api/v1/stores/default/volumes", "{'name':'" + name + "'}").expect(201);
        return "/api/v1/stores/default/volumes/" + Api.segment(name);
    }

    /** What a file of a snapshot holds. */
    String content(String snapshot, String file) {
        return api().get(snapshot + "/content?path=" + Api.segment(file))
                .expect(200)
                .text();
    }

    /** Whether the driver says that it can. */
    boolean can(String capability) {
        for (JsonNode entry : api().get("/api/v1/drivers").expect(200).json().path("items")) {
            if (entry.path("type").asText().equals(driver)) {
                return entry.path("capabilities").toString().contains('"' + capability + '"');
            }
        }
        throw new AssertionError("no driver " + driver);
    }

    /** Takes a snapshot; answers its path in the API. */
    String snapshot(String volume, String label) {
        api().post(volume + "/snapshots", "{'label':'" + label + "'}").expect(201);
        return volume + "/snapshots/" + Api.segment(label);
    }
}
