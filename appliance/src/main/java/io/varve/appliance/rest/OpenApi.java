package io.varve.appliance.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.quarkus.runtime.annotations.RegisterResources;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The description of this API, written by hand and held against the resources by a test: {@code /q/openapi}, YAML unless JSON
 * is asked for.
 */
@Singleton
@RegisterResources(globs = OpenApi.FILE)
public class OpenApi {
    static final String FILE = "openapi.yaml";

    void add(@Observes Router router) {
        router.get("/q/openapi").blockingHandler(OpenApi::answer);
    }

    private static void answer(RoutingContext context) {
        try {
            boolean json = "json".equals(context.request().getParam("format"))
                    || String.valueOf(context.request().getHeader("Accept")).contains("json");
            HttpServerResponse response = context.response();
            response.putHeader("Content-Type", json ? "application/json" : "application/yaml");
            response.end(json ? tree().toString() : new String(bytes(), StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            context.fail(impossible);
        }
    }

    static JsonNode tree() throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(bytes());
    }

    private static byte[] bytes() throws IOException {
        ClassLoader loader = OpenApi.class.getClassLoader();
        try (InputStream file = Objects.requireNonNull(loader.getResourceAsStream(FILE))) {
            return file.readAllBytes();
        }
    }
}
