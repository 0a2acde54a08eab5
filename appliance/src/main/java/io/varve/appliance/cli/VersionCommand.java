package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.List;

@Command(
        name = "version",
        description = "Print the version of this program.",
        footer = {"varve version", "varve version --system-calls"})
final class VersionCommand implements Runnable {
    private final Session session;

    @Option(
            names = "--system-calls",
            description = "Also try each system call, with arguments that the kernel refuses, and print its answer.")
    boolean systemCalls;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        List<HostActions.SystemCall> calls = systemCalls ? session.host().systemCalls() : List.of();
        if (session.json()) {
            session.output().out().println(Json.compact(json(calls)));
        } else {
            session.output().out().println("varve " + Version.NUMBER);
            calls.forEach(call -> session.output().out().println(call.name() + ": " + call.answer()));
        }
    }

    private ObjectNode json(List<HostActions.SystemCall> calls) {
        ObjectNode version = Json.object().put("version", Version.NUMBER);
        if (systemCalls) {
            ArrayNode answers = version.putArray("systemCalls");
            calls.forEach(call -> answers.addObject().put("name", call.name()).put("answer", call.answer()));
        }
        return version;
    }
}
