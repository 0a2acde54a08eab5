package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Events are printed as they come; without --follow the past ends where nothing more comes. */
@Timeout(30)
final class EventsTest {
    private static final String EVENTS = """
            : hello

            event: snapshot
            id: 7
            data: {"time":"2026-11-02T07:12:09.5Z","type":"SNAPSHOT_CREATED","store":"default",
            data: "volume":"app","snapshot":"monday","outcome":"OK"}

            data:{"time":"2026-11-02T07:13:00Z","type":"STORE_OPENED","store":"fast"}

            data: {"cut":
            """;

    @TempDir
    Path directory;

    private TestAppliance appliance;
    private Varve varve;

    @BeforeEach
    void start() throws IOException {
        Path socket = directory.resolve("varve.sock");
        appliance = TestAppliance.onUnixSocket(socket);
        varve = Varve.at(socket);
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
    }

    @Test
    void followedEventsArePrintedUntilTheStreamEnds() {
        appliance.answers(events(), events(), events());

        assertThat(varve.call("events", "--follow").outLines())
                .containsExactly(
                        "2026-11-02T07:12:09.5Z\tSNAPSHOT_CREATED\tdefault/app\tmonday\tOK\t-",
                        "2026-11-02T07:13:00Z\tSTORE_OPENED\tfast\t-\t-\t-");
        assertThat(varve.onTerminal().call("events", "-f").outLines())
                .containsExactly(
                        "2026-11-02T07:12:09Z  SNAPSHOT_CREATED  default/app  monday  OK",
                        "2026-11-02T07:13:00Z  STORE_OPENED  fast");
        assertThat(varve.call("--json", "events", "-f").outLines().getLast())
                .isEqualTo("{\"time\":\"2026-11-02T07:13:00Z\",\"type\":\"STORE_OPENED\",\"store\":\"fast\"}");
        assertThat(appliance.requests()).containsOnly("GET /api/v1/events");
        assertThat(appliance.received().getFirst().header("Accept")).startsWith("text/event-stream");
    }

    @Test
    void thePastEndsThoughTheStreamDoesNot() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        appliance.answers(Reply.stream("text/event-stream", out -> {
            out.write("data: {\"type\":\"A\"}\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            over.orTimeout(20, TimeUnit.SECONDS).join();
        }));

        Outcome outcome = varve.call("events");
        over.complete(null);

        assertThat(outcome).isEqualTo(new Outcome(0, "-\tA\t-\t-\t-\t-\n", ""));
        assertThat(appliance.requests()).containsExactly("GET /api/v1/events?since=1970-01-01T00%3A00%3A00Z");
    }

    @Test
    void aPastWithoutEventsEndsToo() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        appliance.next((head, in, out) -> {
            over.orTimeout(20, TimeUnit.SECONDS).join();
            return false;
        });

        Outcome outcome = varve.call("events", "--since", "2026-11-01T00:00:00Z");
        over.complete(null);

        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void anEventCutOffByTheEndDoesNotCount() throws IOException {
        List<String> data = new ArrayList<>();

        ServerSentEvents.read(
                new ByteArrayInputStream("data: a\r\n\r\ndata:b\n\n\n:c\ndata: d\n".getBytes(StandardCharsets.UTF_8)),
                data::add);

        assertThat(data).containsExactly("a", "b");
    }

    private static Reply events() {
        return Reply.stream("text/event-stream", out -> out.write(EVENTS.getBytes(StandardCharsets.UTF_8)));
    }
}
