package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

@Command(
        name = "events",
        description = "Print what happened, oldest first; with --json one event a line.",
        footer = {"varve events", "varve events --since 2026-12-24T00:00:00Z", "varve --json events --follow"})
final class EventsCommand implements Runnable {
    private static final String MEDIA_TYPE = "text/event-stream";
    private static final String BEGINNING = "1970-01-01T00:00:00Z";

    /** A stream of events has no end; the past is over when nothing comes for this long. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final List<Column> COLUMNS = List.of(
            Column.of("TIME", Kind.TIME, "time"),
            Column.text("TYPE", "type"),
            new Column("VOLUME", Kind.TEXT, EventsCommand::volume),
            Column.text("SNAPSHOT", "snapshot"),
            Column.text("OUTCOME", "outcome"),
            Column.text("MESSAGE", "message"));

    private final Session session;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what happens from now on, until interrupted.")
    boolean follow;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Begin here, as 2026-12-24T18:00:00Z. Default: all the appliance remembers; with --follow: now.")
    Optional<String> since;

    EventsCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Optional<String> begin = follow ? since : since.or(() -> Optional.of(BEGINNING));
        ApiPath path = ApiPath.of("events").query("since", begin);
        session.client().download(path, MEDIA_TYPE, follow ? Duration.ZERO : PATIENCE, (body, length) -> {
            ServerSentEvents.read(body, this::print);
            return length;
        });
    }

    private void print(String data) {
        JsonNode event = parse(data);
        session.output()
                .out()
                .println(
                        switch (session.output().form()) {
                            case JSON -> Json.compact(event);
                            case PLAIN -> Output.plainLine(COLUMNS, event);
                            case TERMINAL -> line(event);
                        });
        session.output().out().flush();
    }

    /** Each event is shown as it comes, so the columns cannot wait for the widest. */
    private static String line(JsonNode event) {
        return COLUMNS.stream()
                .map(column -> column.show(event, true))
                .filter(cell -> !cell.equals(Kind.NOTHING))
                .collect(Collectors.joining("  "));
    }

    private static JsonNode parse(String data) {
        try {
            return Json.parse(data.getBytes(StandardCharsets.UTF_8));
        } catch (IOException notJson) {
            return Json.object().put("message", data);
        }
    }

    private static JsonNode volume(JsonNode event) {
        String store = Json.text(event, "store");
        String volume = Json.text(event, "volume");
        return TextNode.valueOf(volume.isEmpty() || store.isEmpty() ? store + volume : store + "/" + volume);
    }
}
