package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Optional;

@Command(
        name = "token",
        addMethodSubcommands = false,
        description = "Make, see and remove the bearer tokens for calls over TCP.",
        footer = {"varve token add backup --role operator > /etc/varve/backup.token", "varve token list"})
final class TokenCommands {
    private static final ApiPath TOKENS = ApiPath.of("tokens");
    private static final List<Column> COLUMNS = List.of(
            Column.text("NAME", "name"),
            Column.text("ROLE", "role"),
            Column.of("CREATED", Kind.TIME, "created"),
            Column.of("EXPIRES", Kind.TIME, "expires"));

    private final Session session;

    TokenCommands(Session session) {
        this.session = session;
    }

    @Command(name = "add", description = "Make a token. It is shown this once; in a pipe it prints the token alone.")
    void add(
            @Parameters(index = "0", paramLabel = "NAME", description = "Who will use it.") String name,
            @Option(names = "--role", paramLabel = "ROLE", required = true, description = "viewer, operator or admin.")
                    String role,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            description = "When it ends, as 2026-12-24T18:00:00Z. Default: never.")
                    Optional<String> expires,
            @Option(
                            names = "--for",
                            paramLabel = "DURATION",
                            description = "How long it lasts from now, as 30d; instead of --expires.")
                    Optional<String> duration) {
        ObjectNode body = Json.object().put("name", name).put("role", role);
        new Expiry(session).choose(expires, duration).ifPresent(time -> body.put("expires", time));
        Answer answer = session.client().post(TOKENS, body);
        String token = Json.text(answer.json(), "token");
        session.output().done(answer, token, token);
        session.output().remark("This is the token of " + name + " (" + role + "). It is not shown again.");
    }

    @Command(name = "list", description = "List the tokens; not what they are, only whose.")
    void list() {
        session.list(TOKENS, COLUMNS, "no tokens");
    }

    @Command(name = "remove", description = "Remove a token; calls with it are refused from now on.")
    void remove(@Parameters(index = "0", paramLabel = "NAME", description = "Whose token.") String name) {
        session.remove(TOKENS.then(name), "the token of " + name + " is removed");
    }
}
