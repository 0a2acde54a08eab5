package io.varve.appliance.blackbox;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What Prometheus scrapes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MetricsIT {
    private final Appliance appliance = new Appliance();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path root = Files.createTempDirectory("varve-metrics-");

    MetricsIT() throws IOException {}

    @BeforeAll
    void start() throws IOException {
        appliance
                .configured("stores:\n  - { name: data, driver: rsync, root: '" + root.resolve("store") + "' }\n")
                .start();
        appliance.api().post("/api/v1/stores/data/volumes", "{'name':'v'}").expect(201);
        appliance
                .api()
                .post("/api/v1/stores/data/volumes/v/snapshots", "{'label':'s'}")
                .expect(201);
        appliance
                .api()
                .post("/api/v1/stores/data/volumes/v/snapshots", "{'label':'s'}")
                .expect(409);
        appliance
                .api()
                .put("/api/v1/policies/hourly", "{'match':{'stores':['*'],'volumes':['*']},'keep':{'last':2}}")
                .expect(201);
        appliance.api().post("/api/v1/policies/hourly/run", "").expect(200);
    }

    @AfterAll
    void end() {
        http.close();
        appliance.close();
        Roots.remove(root);
    }

    private String scrape() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(appliance.url().resolve("/q/metrics")).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private String scrapeUntil(Predicate<String> enough) throws IOException, InterruptedException {
        String text = scrape();
        while (!enough.test(text)) {
            Thread.sleep(250);
            text = scrape();
        }
        return text;
    }

    private static double value(String text, String sample) {
        Matcher matcher =
                Pattern.compile("(?m)^" + Pattern.quote(sample) + " (\\S+)$").matcher(text);
        assertThat(matcher.find()).as("%s in%n%s", sample, text).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void operationsAreCountedByHowTheyEndedAndTimed() throws Exception {
        String text = scrape();

        assertThat(value(text, "varve_operation_seconds_count{outcome=\"OK\",type=\"volume.create\"}"))
                .isEqualTo(1);
        assertThat(value(text, "varve_operation_seconds_count{outcome=\"SNAPSHOT_EXISTS\",type=\"snapshot.create\"}"))
                .isEqualTo(1);
        assertThat(value(text, "varve_operation_seconds_bucket{outcome=\"OK\",type=\"volume.create\",le=\"+Inf\"}"))
                .isEqualTo(1);
        assertThat(value(text, "varve_operations_running")).isZero();
    }

    @Test
    void storesPoliciesAndDisksAreWhatTheApiSays() throws Exception {
        String text = scrapeUntil(found -> found.contains("varve_policy_newest_snapshot_timestamp_seconds{"));

        assertThat(value(text, "varve_store_up{store=\"data\"}")).isEqualTo(1);
        assertThat(value(text, "varve_store_volumes{store=\"data\"}")).isEqualTo(1);
        assertThat(value(text, "varve_store_snapshots{store=\"data\"}")).isEqualTo(2);
        assertThat(value(text, "varve_store_total_bytes{store=\"data\"}"))
                .isGreaterThan(value(text, "varve_store_available_bytes{store=\"data\"}"));
        assertThat(value(text, "varve_policy_volumes{policy=\"hourly\"}")).isEqualTo(1);
        assertThat(value(text, "varve_policy_silent_volumes{policy=\"hourly\"}"))
                .isZero();
        assertThat(
                        value(
                                text,
                                "varve_policy_newest_snapshot_timestamp_seconds{policy=\"hourly\",store=\"data\",volume=\"v\"}"))
                .isCloseTo(System.currentTimeMillis() / 1000.0, within(120.0));
        assertThat(scrapeUntil(found -> found.contains("varve_disk_busy_percent{")))
                .contains("device=\"");
        assertThat(text).contains("jvm_memory_used_bytes", "process_uptime_seconds");
    }

    @Test
    void everyAlertAndPanelIsAboutAMetricThatIsThere() throws Exception {
        String text = scrapeUntil(
                found -> found.contains("varve_disk_busy_percent{") && found.contains("varve_policy_newest_snapshot"));
        Pattern name = Pattern.compile("\\bvarve_[a-z_]+");

        for (String file : List.of("alerts.yaml", "dashboard.json")) {
            String content = Files.readString(
                    Appliance.checkout().resolve("docs/prometheus").resolve(file));
            Stream<String> names = name.matcher(content).results().map(match -> match.group());
            assertThat(names.distinct().toList()).as(file).isNotEmpty().allSatisfy(metric -> assertThat(text)
                    .contains("\n" + metric));
        }
    }
}
