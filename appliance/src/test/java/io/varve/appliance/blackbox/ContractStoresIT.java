package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;

/** Drivers, stores, their status and health, as the outer contract has them. */
@RequiresBtrfs
class ContractStoresIT {
    @RegisterExtension
    static final Stage stage = new Stage(512);

    private static final String STORES = "/api/v1/stores";

    @Test
    void everyDriverIsListedWithWhatItCanAndWhyNot() {
        Reply drivers = stage.api().get("/api/v1/drivers").expect(200);
        assertThat(drivers.items("type")).contains("btrfs", "devicemapper", "nfs", "rsync");
        for (JsonNode driver : drivers.json().path("items")) {
            assertThat(driver.path("source").asText()).isEqualTo("built-in");
            assertThat(driver.path("hosted").isBoolean()).isTrue();
            assertThat(driver.path("capabilities").isArray()).isTrue();
            assertThat(driver.path("options").isArray()).isTrue();
            boolean available = driver.path("available").booleanValue();
            assertThat(driver.path("reason").asText().isBlank()).isEqualTo(available);
        }
        assertThat(drivers.json()
                        .path("items")
                        .path(drivers.items("type").indexOf("btrfs"))
                        .path("available")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aStoreIsAddedOnceAndTheSameAgainIsNoError() {
        String request =
                "{'name':'twice','driver':'btrfs','root':'" + stage.image().path() + "/twice'}";
        Reply made = stage.api().post(STORES, request).expect(201);
        assertThat(made.text("name")).isEqualTo("twice");
        assertThat(made.text("driver")).isEqualTo("btrfs");
        assertThat(made.text("root")).isEqualTo(stage.image().path() + "/twice");
        assertThat(made.text("state")).isEqualTo("OPEN");
        assertThat(made.json().path("volumes").asInt(-1)).isZero();
        assertThat(made.json().path("options").isObject()).isTrue();
        assertThat(stage.api().post(STORES, request).expect(200).json()).isEqualTo(made.json());
        assertThat(stage.api().get(STORES).items("name")).contains("default", "twice");
        assertThat(stage.api().get(STORES + "/twice").expect(200).json()).isEqualTo(made.json());

        stage.api().delete(STORES + "/twice").expect(204);
        stage.api().get(STORES + "/twice").refused(404, "STORE_NOT_FOUND");
        stage.api().delete(STORES + "/twice").expect(204);
    }

    @Test
    void aRemovedStoreKeepsItsDataAndIsRecognisedWhenItComesBack() throws IOException {
        Path root = stage.image().path().resolve("returning");
        stage.api()
                .post(STORES, "{'name':'before','driver':'btrfs','root':'" + root + "'}")
                .expect(201);
        stage.api().post(STORES + "/before/volumes", "{'name':'v'}").expect(201);
        Files.writeString(root.resolve("v/file"), "data");
        stage.api()
                .post(STORES + "/before/volumes/v/snapshots", "{'label':'s','tags':['t']}")
                .expect(201);
        stage.api().delete(STORES + "/before").expect(204);
        assertThat(root.resolve("v/file")).hasContent("data");

        Reply back = stage.api()
                .post(STORES, "{'name':'after','root':'" + root + "'}")
                .expect(201);
        assertThat(back.text("driver")).isEqualTo("btrfs");
        assertThat(back.json().path("volumes").asInt()).isEqualTo(1);
        assertThat(stage.api()
                        .get(STORES + "/after/volumes/v/tags/t")
                        .expect(200)
                        .text("label"))
                .isEqualTo("s");
        stage.api().delete(STORES + "/after").expect(204);
    }

    @Test
    void withoutADriverTheMostCapableForTheFilesystemIsChosen() {
        String root = stage.image().path() + "/chosen";
        assertThat(stage.api()
                        .post(STORES, "{'name':'chosen','root':'" + root + "'}")
                        .expect(201)
                        .text("driver"))
                .isEqualTo("btrfs");
        stage.api().delete(STORES + "/chosen").expect(204);
    }

    @Test
    void aStoresStatusHasDriverDataUsageAndErrors() {
        JsonNode status =
                stage.api().get(STORES + "/default/status").expect(200).json();
        assertThat(status.path("driver").asText()).isEqualTo("btrfs");
        assertThat(status.path("driverData").isObject()).isTrue();
        assertThat(status.path("errors")).isEmpty();
        assertThat(status.path("usage")).isNotEmpty();
        for (JsonNode usage : status.path("usage")) {
            assertThat(usage.path("label").asText()).isNotBlank();
            assertThat(usage.path("type").asText()).isNotBlank();
            assertThat(usage.path("value").isNumber()).isTrue();
        }
        JsonNode all = stage.api().get("/api/v1/status").expect(200).json().path("items");
        List<String> states = StreamSupport.stream(all.spliterator(), false)
                .filter(line -> line.path("store").asText().equals("default"))
                .map(line -> line.path("state").asText())
                .toList();
        assertThat(states).containsExactly("OPEN");
    }

    @Test
    void theStatusIsTextForPeopleWhereThatIsAskedForAndJsonElse() {
        String store = STORES + "/default/status";
        Reply text = stage.api().get(store, "Accept", "text/plain").expect(200);
        assertThat(text.header("content-type")).isEqualToIgnoringCase("text/plain;charset=UTF-8");
        assertThat(text.text())
                .startsWith("Driver:                 btrfs\n")
                .contains("DataFile:               " + stage.root() + "\n", "\nUsage Data:\n\tData single Total: ");

        String both = "text/plain, application/problem+json";
        assertThat(stage.api().get(store, "Accept", both).expect(200).text()).isEqualTo(text.text());
        stage.api().get(STORES + "/none/status", "Accept", both).refused(404, "STORE_NOT_FOUND");
        for (String json : List.of("application/json", "*/*", "text/html, */*;q=0.1")) {
            assertThat(stage.api().get(store, "Accept", json).expect(200).text("driver"))
                    .isEqualTo("btrfs");
        }
        assertThat(stage.appliance().varve("store", "status").exited(0).out()).isEqualTo(text.text());

        Reply all = stage.api().get("/api/v1/status", "Accept", "text/plain").expect(200);
        assertThat(all.text()).contains("Store:                  default\n" + text.text());
        assertThat(stage.api().get("/api/v1/status").expect(200).items("store")).contains("default");
    }

    @Test
    void healthHasOneCheckAStoreThatComesAndGoesWithIt() {
        String root = stage.image().path() + "/checked";
        stage.api()
                .post(STORES, "{'name':'checked','driver':'btrfs','root':'" + root + "'}")
                .expect(201);
        Reply up = stage.api().get("/q/health/ready").expect(200);
        assertThat(up.text("status")).isEqualTo("UP");
        assertThat(up.text()).contains("store:default", "store:checked");
        stage.api().delete(STORES + "/checked").expect(204);
        assertThat(stage.api().get("/q/health/ready").expect(200).text())
                .contains("store:default")
                .doesNotContain("store:checked");
        stage.api().get("/q/health/live").expect(200);
        stage.api().get("/q/health/started").expect(200);
    }
}
