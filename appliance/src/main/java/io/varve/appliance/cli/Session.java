package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/** What the commands of one call share. The appliance is not asked for before a command needs it. */
final class Session implements AutoCloseable {
    private static final String PAGE = "5000";

    private final Surroundings surroundings;
    private final RootCommand root;
    private final HostActions host;
    private @Nullable ApplianceClient client;
    private @Nullable Output output;

    Session(Surroundings surroundings, RootCommand root, HostActions host) {
        this.surroundings = surroundings;
        this.root = root;
        this.host = host;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    HostActions host() {
        return host;
    }

    ApplianceClient client() {
        ApplianceClient open = client;
        if (open == null) {
            open = new ApplianceClient(root.target(surroundings.environment()));
            client = open;
        }
        return open;
    }

    /** Its form is fixed when it is first asked for, after the command line was read. */
    Output output() {
        Output made = output;
        if (made == null) {
            made = new Output(surroundings, form());
            output = made;
        }
        return made;
    }

    private Output.Form form() {
        if (root.json) {
            return Output.Form.JSON;
        }
        return surroundings.terminals().out() ? Output.Form.TERMINAL : Output.Form.PLAIN;
    }

    boolean json() {
        return root.json;
    }

    /** Lists everything at {@code path}, which may be more than one answer should hold, part by part. */
    void listPaged(ApiPath path, List<Column> columns, String whenEmpty) {
        list(path.query("limit", PAGE), columns, whenEmpty);
    }

    /** Lists everything at {@code path}. */
    void list(ApiPath path, List<Column> columns, String whenEmpty) {
        output().list(pages(path), columns, whenEmpty);
    }

    Iterator<JsonNode> pages(ApiPath path) {
        return new Pages(client(), path);
    }

    /** Shows the one thing at {@code path}. */
    void show(ApiPath path) {
        output().details(client().get(path));
    }

    /** Asks for a removal. */
    void remove(ApiPath path, String done) {
        output().done(client().delete(path), done);
    }

    /** Shows what the removal of {@code path} would do; {@code call} is the command that does it. */
    void planRemoval(ApiPath path, String call) {
        Answer answer = client().delete(path.query("dryRun", "true"));
        if (answer.isEmpty()) {
            output().remark("nothing to remove");
        } else {
            new PlanReport(output()).print(answer, call);
        }
    }

    /** A command line that cannot be meant. */
    ParameterException usage(String rule) {
        return new ParameterException(root.spec.commandLine(), rule);
    }

    /** A bar for a terminal; where there is none, the stream itself. */
    InputStream metered(InputStream in, String title, long total) {
        if (!surroundings.terminals().err() || root.json) {
            return in;
        }
        return new MeteredStream(in, new ProgressBar(output().err(), surroundings.clock(), Texts.line(title), total));
    }

    @Override
    public void close() {
        if (output != null) {
            output.out().flush();
            output.err().flush();
        }
        if (client != null) {
            client.close();
        }
    }
}
