package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

@Command(
        name = "volume",
        addMethodSubcommands = false,
        description = "Make, see, grow and remove volumes.",
        footer = {
            "varve volume create app",
            "varve volume create fast/db --size \"20 GiB\"",
            "varve volume list fast",
            "varve volume resize fast/db \"40 GiB\"",
            "varve volume remove app --dry-run"
        })
final class VolumeCommands {
    static final String VOLUME = "VOLUME";
    static final String VOLUME_HELP = "The volume, as [STORE/]VOLUME; the store is 'default' if left out.";

    static final String PLAN_HELP = "Do exactly what a dry run showed, or nothing where the world has moved since.";

    private static final List<Column> COLUMNS = List.of(
            new Column("NAME", Kind.TEXT, VolumeCommands::reference),
            Column.of("SIZE", Kind.SIZE, "size"),
            Column.of("USAGE", Kind.SIZE, "usage"),
            Column.of("SNAPSHOTS", Kind.NUMBER, "snapshots"),
            Column.of("CREATED", Kind.TIME, "created"),
            Column.text("PATH", "path"));

    private final Session session;

    VolumeCommands(Session session) {
        this.session = session;
    }

    @Command(name = "create", description = "Make a volume. In a pipe it prints the path alone.")
    void create(
            @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_HELP) VolumeReference volume,
            @Option(
                            names = "--size",
                            paramLabel = "SIZE",
                            description = "Its size, as \"10 GiB\", where the driver knows sizes.")
                    Optional<String> size) {
        ObjectNode body = Json.object().put("name", volume.name());
        size.ifPresent(text -> body.set("size", Sizes.input(text)));
        Answer answer = session.client().post(ApiPath.of("stores", volume.store(), "volumes"), body);
        String path = Json.text(answer.json(), "path");
        session.output().done(answer, "volume " + volume + " is ready at " + path, path);
    }

    @Command(name = "list", description = "List the volumes of one store, or of all.")
    void list(
            @Parameters(
                            index = "0",
                            arity = "0..1",
                            paramLabel = "STORE",
                            description = "Name of the store. Default: all stores.")
                    Optional<String> store) {
        Iterator<JsonNode> volumes =
                store.isPresent() ? session.pages(volumes(store.get())) : new AllVolumes(session, allStores());
        session.output().list(volumes, COLUMNS, "no volumes yet: varve volume create NAME");
    }

    @Command(name = "show", description = "Show one volume: its path, size and number of snapshots.")
    void show(@Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_HELP) VolumeReference volume) {
        session.show(volume.path());
    }

    @Command(name = "resize", description = "Grow a volume. It is never made smaller.")
    void resize(
            @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_HELP) VolumeReference volume,
            @Parameters(index = "1", paramLabel = "SIZE", description = "The new size, as \"40 GiB\".") String size) {
        ObjectNode body = Json.object();
        body.set("size", Sizes.input(size));
        Answer answer = session.client().post(volume.path().then("resize"), body);
        session.output().done(answer, "volume " + volume + " has " + size + " now");
    }

    @Command(name = "release", description = "Unmount and deactivate a volume; 'varve volume show' brings it back.")
    void release(@Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_HELP) VolumeReference volume) {
        Answer answer = session.client().post(volume.path().then("release"));
        session.output().done(answer, "volume " + volume + " is released");
    }

    @Command(
            name = "remove",
            description = "Remove a volume with all its snapshots. One that is not there is no error.")
    void remove(
            @Parameters(index = "0", paramLabel = VOLUME, description = VOLUME_HELP) VolumeReference volume,
            @Option(names = "--dry-run", description = "Show what would be removed, and remove nothing.")
                    boolean dryRun,
            @Option(names = "--plan", paramLabel = "TOKEN", description = PLAN_HELP) Optional<String> plan) {
        if (dryRun) {
            session.planRemoval(volume.path(), "varve volume remove " + volume);
        } else {
            session.remove(volume.path().query("plan", plan), "volume " + volume + " is removed");
        }
    }

    private List<String> allStores() {
        List<String> names = new ArrayList<>();
        session.pages(ApiPath.of("stores")).forEachRemaining(store -> names.add(Json.text(store, "name")));
        return names;
    }

    static ApiPath volumes(String store) {
        return ApiPath.of("stores", store, "volumes");
    }

    /** The name as the other commands take it. */
    private static JsonNode reference(JsonNode volume) {
        return TextNode.valueOf(VolumeReference.of(volume, "name").toString());
    }
}
