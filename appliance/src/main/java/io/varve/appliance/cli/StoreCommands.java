package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.Optional;

@Command(
        name = "store",
        addMethodSubcommands = false,
        description = "Open, see and close stores: a driver on a directory.",
        footer = {
            "varve store add default /srv/varve",
            "varve store add fast /mnt/ssd --driver btrfs",
            "varve store add pool /srv/pool --driver devicemapper --option dm.thinpooldev=vg/pool",
            "varve store status fast"
        })
final class StoreCommands {
    private static final List<Column> COLUMNS = List.of(
            Column.text("NAME", "name"),
            Column.text("DRIVER", "driver"),
            Column.text("STATE", "state"),
            Column.of("VOLUMES", Kind.NUMBER, "volumes"),
            Column.text("ROOT", "root"));

    private final Session session;

    StoreCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "List the stores.")
    void list() {
        session.list(ApiPath.of("stores"), COLUMNS, "no stores yet: varve store add NAME DIRECTORY");
    }

    @Command(name = "add", description = "Open a directory as a store. The same again changes nothing.")
    void add(
            @Parameters(index = "0", paramLabel = "NAME", description = "Short name for the store.") String name,
            @Parameters(index = "1", paramLabel = "DIRECTORY", description = "Its root, an absolute path.") String root,
            @Option(
                            names = "--driver",
                            paramLabel = "TYPE",
                            description =
                                    "Driver to use. Default: what the directory already is, else the best that works.")
                    Optional<String> driver,
            @Option(
                            names = {"-O", "--option"},
                            paramLabel = "KEY=VALUE",
                            description = "Option for the driver; may be repeated. See: varve --json driver list.")
                    Map<String, String> options) {
        ObjectNode body = Json.object().put("name", name).put("root", root);
        driver.ifPresent(type -> body.put("driver", type));
        if (options != null && !options.isEmpty()) {
            ObjectNode pairs = body.putObject("options");
            options.forEach(pairs::put);
        }
        Answer answer = session.client().post(ApiPath.of("stores"), body);
        String what = answer.status() == Answer.CREATED ? " is open at " : " was open already at ";
        session.output().done(answer, "store " + name + what + root);
    }

    @Command(name = "show", description = "Show one store: its driver, root, options and state.")
    void show(@Parameters(index = "0", paramLabel = "STORE", description = "Name of the store.") String store) {
        session.show(ApiPath.of("stores", store));
    }

    @Command(name = "status", description = "Show a store's space, pool and usage as its driver reports them.")
    void status(
            @Parameters(
                            index = "0",
                            arity = "0..1",
                            paramLabel = "STORE",
                            defaultValue = VolumeReference.DEFAULT_STORE,
                            description = "Name of the store. Default: default.")
                    String store) {
        ApiPath path = ApiPath.of("stores", store, "status");
        if (session.json()) {
            session.show(path);
        } else {
            session.output().text(session.client().get(path, "text/plain"));
        }
    }

    @Command(name = "remove", description = "Release and close a store. Its data stays where it is.")
    void remove(@Parameters(index = "0", paramLabel = "STORE", description = "Name of the store.") String store) {
        session.remove(ApiPath.of("stores", store), "store " + store + " is closed; its data stays");
    }
}
