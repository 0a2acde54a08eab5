package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

@Command(
        name = "policy",
        addMethodSubcommands = false,
        description = "Say when snapshots are taken and which are kept; see beforehand what would go.",
        footer = {
            "varve policy apply -f apps.yaml",
            "varve policy preview apps",
            "varve policy preview apps --with edited.yaml",
            "varve policy simulate apps --until 2026-12-24T18:00:00Z",
            "varve policy run apps --plan 5f3c9a",
            "varve policy show apps > apps.yaml"
        })
final class PolicyCommands {
    private static final String NAME_HELP = "Name of the policy.";
    private static final String WITH_HELP = "As if the policy were as this file says; nothing is set.";
    private static final List<Column> COLUMNS = List.of(
            Column.text("NAME", "name"),
            new Column("SCHEDULE", Kind.TEXT, PolicyCommands::schedule),
            new Column("STORES", Kind.LIST, policy -> policy.at("/match/stores")),
            new Column("VOLUMES", Kind.LIST, policy -> policy.at("/match/volumes")),
            new Column("KEEP", Kind.TEXT, PolicyCommands::keep));

    private final Session session;

    PolicyCommands(Session session) {
        this.session = session;
    }

    @Command(name = "apply", description = "Make or change policies as a file says.")
    void apply(
            @Option(
                            names = {"-f", "--file"},
                            paramLabel = "FILE",
                            required = true,
                            description = "JSON, or YAML with one policy or several; - is standard input.")
                    Path file) {
        for (ObjectNode policy : new PolicyFile(session.surroundings().in()).read(file)) {
            String name = Json.text(policy, "name");
            Answer answer = session.client().put(path(name), policy);
            session.output().done(answer, "policy " + name + " is in force");
        }
    }

    @Command(name = "list", description = "List the policies.")
    void list() {
        session.list(ApiPath.of("policies"), COLUMNS, "no policies yet: varve policy apply -f FILE");
    }

    @Command(name = "show", description = "Show one policy as YAML, for apply to take it again.")
    void show(@Parameters(index = "0", paramLabel = "POLICY", description = NAME_HELP) String name) {
        Answer answer = session.client().get(path(name));
        if (session.json()) {
            session.output().unchanged(answer);
        } else {
            session.output().lines(PolicyText.lines(answer.json()));
        }
    }

    @Command(name = "remove", description = "Remove a policy. The snapshots it made stay.")
    void remove(@Parameters(index = "0", paramLabel = "POLICY", description = NAME_HELP) String name) {
        session.remove(path(name), "policy " + name + " is removed; the snapshots it made stay");
    }

    @Command(name = "preview", description = "Show which snapshots the policy would remove and keep now, and why.")
    void preview(
            @Parameters(index = "0", paramLabel = "POLICY", description = NAME_HELP) String name,
            @Option(
                            names = "--now",
                            paramLabel = "TIME",
                            description = "As if it were this time, as 2026-12-24T18:00:00Z.")
                    Optional<String> now,
            @Option(names = "--with", paramLabel = "FILE", description = WITH_HELP) Optional<Path> edited) {
        ObjectNode body = Json.object();
        now.ifPresent(time -> body.put("now", time));
        edited.ifPresent(file -> body.set("policy", policy(file, name)));
        Answer answer = session.client().post(path(name).then("preview"), body);
        new PolicyPreview(session.output()).print(name, answer);
    }

    @Command(
            name = "simulate",
            description = "Show which snapshots there will be at a time to come, and when each of today's goes.")
    void simulate(
            @Parameters(index = "0", paramLabel = "POLICY", description = NAME_HELP) String name,
            @Option(
                            names = "--until",
                            paramLabel = "TIME",
                            required = true,
                            description = "The time it will be then, as 2026-12-24T18:00:00Z.")
                    String until,
            @Option(names = "--with", paramLabel = "FILE", description = WITH_HELP) Optional<Path> edited) {
        ObjectNode body = Json.object().put("until", until);
        edited.ifPresent(file -> body.set("policy", policy(file, name)));
        Answer answer = session.client().post(path(name).then("simulate"), body);
        new PolicyForecast(session.output()).print(answer);
    }

    private ObjectNode policy(Path file, String name) {
        return new PolicyFile(session.surroundings().in())
                .read(file).stream()
                        .filter(policy -> Json.text(policy, "name").equals(name))
                        .findFirst()
                        .orElseThrow(() -> CommandFailure.local(file + " holds no policy " + name));
    }

    @Command(name = "run", description = "Carry the policy out now: take snapshots and remove what it does not keep.")
    void run(
            @Parameters(index = "0", paramLabel = "POLICY", description = NAME_HELP) String name,
            @Option(
                            names = "--plan",
                            paramLabel = "TOKEN",
                            description =
                                    "Do exactly what a preview showed, or nothing where the world has moved since.")
                    Optional<String> plan) {
        ObjectNode body = Json.object();
        plan.ifPresent(token -> body.put("plan", token));
        new PolicyReport(session.output())
                .print(name, session.client().post(path(name).then("run"), body));
    }

    private static ApiPath path(String name) {
        return ApiPath.of("policies", name);
    }

    private static JsonNode schedule(JsonNode policy) {
        JsonNode schedule = policy.path("schedule");
        String every = Json.text(schedule, "every");
        if (!every.isEmpty()) {
            return TextNode.valueOf("every " + every);
        }
        String zone = Json.text(schedule, "zone");
        return TextNode.valueOf(Json.text(schedule, "cron") + (zone.isEmpty() ? "" : " " + zone));
    }

    /** The rules as a line: {@code last 3, within 24h, hourly 24}. */
    private static JsonNode keep(JsonNode policy) {
        StringBuilder line = new StringBuilder();
        policy.path("keep").properties().forEach(rule -> {
            String value = Kind.LIST.show(rule.getValue(), false);
            if (!value.equals("0") && !value.equals(Kind.NOTHING)) {
                line.append(line.isEmpty() ? "" : ", ")
                        .append(rule.getKey())
                        .append(' ')
                        .append(value);
            }
        });
        return TextNode.valueOf(line.toString());
    }
}
