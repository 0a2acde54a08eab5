package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** What the appliance answers, held against the description it gives of itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OpenApiIT {
    private final Appliance appliance = new Appliance();
    private final Path root = Files.createTempDirectory("varve-openapi-");

    OpenApiIT() throws IOException {}

    @BeforeAll
    void start() throws IOException {
        appliance
                .configured("stores:\n  - { name: d, driver: rsync, root: '" + root.resolve("store") + "' }\n")
                .start();
        Api api = appliance.api();
        String path =
                api.post("/api/v1/stores/d/volumes", "{'name':'v'}").expect(201).text("path");
        Files.writeString(Path.of(path, "file"), "one");
        api.post("/api/v1/stores/d/volumes/v/snapshots", "{'label':'s','message':'m','tags':['t']}")
                .expect(201);
        Files.writeString(Path.of(path, "file"), "other");
        api.put("/api/v1/stores/d/volumes/v/snapshots/s/holds/me", "{'reason':'because'}")
                .expect(200);
        api.put(
                        "/api/v1/policies/p",
                        "{'match':{'stores':['*'],'volumes':['*']},'schedule':{'cron':'0 0 3 1 1 ?'},'keep':{'last':1}}")
                .expect(201);
        api.post("/api/v1/policies/p/run", "").expect(200);
        api.post("/api/v1/policies/p/run", "").expect(200);
        api.post("/api/v1/tokens", "{'name':'k','role':'viewer','stores':['d']}")
                .expect(201);
    }

    @AfterAll
    void end() {
        appliance.close();
        Roots.remove(root);
    }

    private JsonNode document() {
        return appliance.api().get("/q/openapi?format=json").expect(200).json();
    }

    @Test
    void itComesAsYamlOrAsJson() {
        assertThat(appliance.api().get("/q/openapi").expect(200).toString()).contains("openapi: 3.1.0");
        assertThat(document().path("openapi").asText()).isEqualTo("3.1.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            get  | /drivers                                           | /drivers                                           |
            get  | /stores                                            | /stores                                            |
            get  | /stores/{store}                                    | /stores/d                                          |
            get  | /stores/{store}/status                             | /stores/d/status                                   |
            get  | /stores/{store}/volumes                            | /stores/d/volumes                                  |
            get  | /stores/{store}/volumes/{volume}                   | /stores/d/volumes/v                                |
            get  | /stores/{store}/volumes/{volume}/snapshots         | /stores/d/volumes/v/snapshots                      |
            get  | /stores/{store}/volumes/{volume}/snapshots/{label} | /stores/d/volumes/v/snapshots/s                    |
            get  | /stores/{store}/volumes/{volume}/tags/{tag}        | /stores/d/volumes/v/tags/t                         |
            get  | /stores/{store}/volumes/{volume}/snapshots/{label}/files | /stores/d/volumes/v/snapshots/s/files        |
            get  | /stores/{store}/volumes/{volume}/snapshots/{label}/diff  | /stores/d/volumes/v/snapshots/s/diff         |
            get  | /policies                                          | /policies                                          |
            get  | /policies/{policy}                                 | /policies/p                                        |
            get  | /status                                            | /status                                            |
            get  | /iostat                                            | /iostat                                            |
            get  | /operations                                        | /operations                                        |
            get  | /audit                                             | /audit                                             |
            get  | /tokens                                            | /tokens                                            |
            post | /policies/{policy}/preview                         | /policies/p/preview                                | {}
            post | /policies/{policy}/simulate                        | /policies/p/simulate                               | {'until':'<soon>'}
            post | /policies/{policy}/run                             | /policies/p/run                                    | {}
            post | /retention/plan                                    | /retention/plan | {'policy':'p','snapshots':[{'label':'a','created':'2026-01-01T00:00:00Z'}],'now':'2026-02-01T00:00:00Z'}
            """)
    void anAnswerHasTheFieldsThatAreDescribedAndNoOthers(String verb, String path, String where, String body) {
        Reply answer = verb.equals("get")
                ? appliance.api().get("/api/v1" + where)
                : appliance.api().post("/api/v1" + where, body.replace("<soon>", soon()));
        JsonNode schema = document()
                .path("paths")
                .path("/api/v1" + path)
                .path(verb)
                .at("/responses/200/content/application~1json/schema");
        assertThat(schema.isMissingNode()).as("schema of %s %s", verb, path).isFalse();

        List<String> faults = new ArrayList<>();
        compare(answer.expect(200).json(), schema, "", faults);

        assertThat(faults).as(answer.toString()).isEmpty();
    }

    private static String soon() {
        return Instant.now().plus(Duration.ofDays(2)).toString();
    }

    private void compare(JsonNode value, JsonNode written, String where, List<String> faults) {
        JsonNode schema =
                written.has("$ref") ? document().at(written.get("$ref").asText().substring(1)) : written;
        if (value.isArray()) {
            value.forEach(item -> compare(item, schema.path("items"), where + "[]", faults));
        }
        if (!value.isObject() || !schema.has("properties")) {
            return;
        }
        schema.path("required").forEach(field -> {
            if (!value.has(field.asText())) {
                faults.add(where + "." + field.asText() + " is required and absent");
            }
        });
        value.properties().forEach(field -> {
            String name = where + "." + field.getKey();
            JsonNode described = schema.path("properties").path(field.getKey());
            if (described.isMissingNode()) {
                faults.add(name + " is not described");
            } else {
                compare(field.getValue(), described, name, faults);
            }
        });
    }
}
