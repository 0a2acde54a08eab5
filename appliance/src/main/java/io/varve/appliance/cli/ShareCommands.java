package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Optional;

@Command(
        name = "share",
        addMethodSubcommands = false,
        description = "Let other hosts use stores and volumes over NFS.",
        footer = {
            "varve share add --volume shop web1 web2",
            "varve share add --store fast --read-only 10.1.0.0/16",
            "varve share list",
            "varve share remove 1f9ac04b"
        })
final class ShareCommands {
    private static final List<Column> COLUMNS = List.of(
            Column.text("ID", "id"),
            Column.text("VOLUME", "volume"),
            Column.text("CLIENTS", "clients"),
            Column.text("READ-ONLY", "readOnly"),
            Column.text("ROOT-SQUASH", "rootSquash"),
            Column.text("PATH", "path"),
            Column.text("PROBLEM", "problem"));

    private final Session session;

    ShareCommands(Session session) {
        this.session = session;
    }

    private static ApiPath exports(String store) {
        return ApiPath.of("stores", store, "exports");
    }

    @Command(name = "add", description = "Share a volume, or a whole store. The same again changes nothing.")
    void add(
            @Parameters(
                            arity = "1..*",
                            paramLabel = "CLIENT",
                            description = "Who may use it: a host, a network such as 10.1.0.0/16, or '*'.")
                    List<String> clients,
            @Option(
                            names = "--store",
                            paramLabel = "STORE",
                            defaultValue = VolumeReference.DEFAULT_STORE,
                            description = "The store. Default: default.")
                    String store,
            @Option(names = "--volume", paramLabel = "VOLUME", description = "This volume of it alone.")
                    Optional<String> volume,
            @Option(names = "--read-only", description = "They may not change anything.") boolean readOnly,
            @Option(names = "--no-root-squash", description = "Their root is root here too.") boolean trustRoot) {
        ObjectNode body = Json.object();
        volume.ifPresent(name -> body.put("volume", name));
        ArrayNode all = body.putArray("clients");
        clients.forEach(all::add);
        body.put("readOnly", readOnly).put("rootSquash", !trustRoot);
        Answer answer = session.client().post(exports(store), body);
        String problem = Json.text(answer.json(), "problem");
        session.output()
                .done(
                        answer,
                        Json.text(answer.json(), "id"),
                        Json.text(answer.json(), "path") + " is shared with " + String.join(", ", clients));
        if (!problem.isEmpty()) {
            session.output().remark(problem);
        }
    }

    @Command(name = "list", description = "List what is shared of a store.")
    void list(
            @Option(
                            names = "--store",
                            paramLabel = "STORE",
                            defaultValue = VolumeReference.DEFAULT_STORE,
                            description = "The store. Default: default.")
                    String store) {
        session.list(exports(store), COLUMNS, "nothing is shared: varve share add --volume VOLUME CLIENT");
    }

    @Command(name = "remove", description = "Share it no more.")
    void remove(
            @Parameters(index = "0", paramLabel = "ID", description = "Of the export, as the list has it.") String id,
            @Option(
                            names = "--store",
                            paramLabel = "STORE",
                            defaultValue = VolumeReference.DEFAULT_STORE,
                            description = "The store. Default: default.")
                    String store) {
        session.remove(exports(store).then(id), id + " is shared no more");
    }
}
