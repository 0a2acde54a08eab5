package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Optional;

@Command(
        name = "snapshot",
        addMethodSubcommands = false,
        description = "Take, see, tag, hold and remove snapshots of a volume.",
        footer = {
            "varve snapshot create app before-upgrade -m \"version 1.4\" --tag release-1.4",
            "varve snapshot list app --tag 'release-1.4'",
            "varve snapshot find app release-1.4",
            "varve snapshot hold app before-upgrade backup@host --reason \"being copied\" --for 2h",
            "varve snapshot remove app before-upgrade"
        })
final class SnapshotCommands {
    static final String LABEL = "LABEL";
    static final String LABEL_HELP = "The snapshot's label, short or full (VOLUME_LABEL).";

    private static final List<Column> COLUMNS = List.of(
            Column.text("LABEL", "label"),
            Column.text("KIND", "kind"),
            Column.of("CREATED", Kind.TIME, "created"),
            Column.of("SIZE", Kind.SIZE, "size"),
            new Column("STATE", Kind.TEXT, SnapshotCommands::state),
            Column.of("TAGS", Kind.LIST, "tags"),
            new Column("HOLDS", Kind.LIST, SnapshotCommands::holders),
            Column.text("MESSAGE", "message"));

    private final Session session;

    SnapshotCommands(Session session) {
        this.session = session;
    }

    @Command(name = "create", description = "Take a snapshot. In a pipe it prints the label alone.")
    void create(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = LABEL,
                            description = "A label for it. Default: the time in UTC.")
                    Optional<String> label,
            @Option(
                            names = {"-m", "--message"},
                            paramLabel = "TEXT",
                            description = "What it is for.")
                    Optional<String> message,
            @Option(
                            names = {"-t", "--tag"},
                            paramLabel = "TAG",
                            description = "A tag for it; may be repeated. Tagged snapshots are exempt from retention.")
                    List<String> tags) {
        ObjectNode body = Json.object();
        label.ifPresent(text -> body.put("label", text));
        message.ifPresent(text -> body.put("message", text));
        if (tags != null && !tags.isEmpty()) {
            ArrayNode list = body.putArray("tags");
            tags.forEach(list::add);
        }
        Answer answer = session.client().post(volume.path().then("snapshots"), body);
        String made = Json.text(answer.json(), "label");
        session.output().done(answer, "snapshot " + made + " of " + volume + " is taken", made);
    }

    @Command(name = "list", description = "List a volume's snapshots, oldest first.")
    void list(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Option(
                            names = {"-t", "--tag"},
                            paramLabel = "TAG",
                            description = "Only the one that carries this tag.")
                    Optional<String> tag,
            @Option(
                            names = {"-k", "--kind"},
                            paramLabel = "KIND",
                            description = "Only MANUAL, POLICY, UNDO or IMPORT ones.")
                    Optional<String> kind) {
        ApiPath path = volume.path().then("snapshots").query("tag", tag).query("kind", kind);
        session.listPaged(
                path, COLUMNS, "no snapshots of " + volume + (tag.isPresent() || kind.isPresent() ? " match" : " yet"));
    }

    @Command(name = "show", description = "Show one snapshot with its tags and holds.")
    void show(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Parameters(index = "1", paramLabel = LABEL, description = LABEL_HELP) String label) {
        session.show(volume.snapshot(label));
    }

    @Command(name = "remove", description = "Remove a snapshot.")
    void remove(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Parameters(index = "1", paramLabel = LABEL, description = LABEL_HELP) String label,
            @Option(names = "--dry-run", description = "Show what would be removed, and remove nothing.")
                    boolean dryRun,
            @Option(names = "--plan", paramLabel = "TOKEN", description = VolumeCommands.PLAN_HELP)
                    Optional<String> plan) {
        if (dryRun) {
            session.planRemoval(volume.snapshot(label), "varve snapshot remove " + volume + " " + label);
        } else {
            session.remove(
                    volume.snapshot(label).query("plan", plan), "snapshot " + label + " of " + volume + " is removed");
        }
    }

    @Command(name = "tag", description = "Give a snapshot a tag no other of the volume carries.")
    void tag(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Parameters(index = "1", paramLabel = LABEL, description = LABEL_HELP) String label,
            @Parameters(index = "2", paramLabel = "TAG", description = "The tag.") String tag) {
        Answer answer = session.client().put(volume.snapshot(label).then("tags", tag));
        session.output().done(answer, "snapshot " + label + " of " + volume + " carries " + tag);
    }

    @Command(
            name = "untag",
            description = "Take a tag off whichever snapshot carries it. In a pipe it prints the label alone.")
    void untag(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Parameters(index = "1", paramLabel = "TAG", description = "The tag.") String tag) {
        Answer answer = session.client().delete(volume.path().then("tags", tag));
        String label = answer.isEmpty() ? "" : Json.text(answer.json(), "label");
        if (label.isEmpty()) {
            session.output().done(answer, "tag " + tag + " is off");
        } else {
            session.output().done(answer, "tag " + tag + " is off snapshot " + label + " of " + volume, label);
        }
    }

    @Command(name = "find", description = "Find the snapshot that carries a tag. In a pipe it prints the label alone.")
    void find(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Parameters(index = "1", paramLabel = "TAG", description = "The tag.") String tag) {
        Answer answer = session.client().get(volume.path().then("tags", tag));
        if (session.output().form() == Output.Form.PLAIN) {
            session.output().done(answer, "", Json.text(answer.json(), "label"));
        } else {
            session.output().details(answer);
        }
    }

    @Command(name = "hold", description = "Protect a snapshot from deletion, in somebody's name. Again: renew it.")
    void hold(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Parameters(index = "1", paramLabel = LABEL, description = LABEL_HELP) String label,
            @Parameters(index = "2", paramLabel = "OWNER", description = "Who holds it, as backup@host.") String owner,
            @Option(
                            names = {"-r", "--reason"},
                            paramLabel = "TEXT",
                            required = true,
                            description = "Why.")
                    String reason,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            description = "When it ends, as 2026-12-24T18:00:00Z. Default: never.")
                    Optional<String> expires,
            @Option(
                            names = "--for",
                            paramLabel = "DURATION",
                            description = "How long it lasts from now, as 2h or 7d; instead of --expires.")
                    Optional<String> duration) {
        ObjectNode body = Json.object().put("reason", reason);
        new Expiry(session).choose(expires, duration).ifPresent(time -> body.put("expires", time));
        Answer answer = session.client().put(volume.snapshot(label).then("holds", owner), body);
        session.output().done(answer, "snapshot " + label + " of " + volume + " is held by " + owner);
    }

    @Command(name = "unhold", description = "End a hold.")
    void unhold(
            @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
                    VolumeReference volume,
            @Parameters(index = "1", paramLabel = LABEL, description = LABEL_HELP) String label,
            @Parameters(index = "2", paramLabel = "OWNER", description = "Whose hold.") String owner) {
        Answer answer = session.client().delete(volume.snapshot(label).then("holds", owner));
        session.output().done(answer, "snapshot " + label + " of " + volume + " is no longer held by " + owner);
    }

    private static JsonNode state(JsonNode snapshot) {
        return TextNode.valueOf(snapshot.path("valid").asBoolean(true) ? "" : "invalid");
    }

    /** The owners alone; the reasons are in {@code snapshot show}. */
    private static JsonNode holders(JsonNode snapshot) {
        JsonNode holds = snapshot.path("holds");
        if (!holds.isArray()) {
            return holds;
        }
        ArrayNode owners = Json.MAPPER.createArrayNode();
        holds.forEach(hold -> owners.add(hold.has("owner") ? hold.path("owner") : hold));
        return owners;
    }
}
