package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        description =
                "Bring a volume back to a snapshot. The state before is kept as an undo point. In a pipe it prints the undo point's label alone.",
        footer = {
            "varve rollback app before-upgrade --dry-run",
            "varve rollback app before-upgrade",
            "varve rollback app \"$(varve snapshot list app --kind UNDO | tail -n 1 | cut -f 1)\"   # undo it"
        })
final class RollbackCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
    VolumeReference volume;

    @Parameters(index = "1", paramLabel = "LABEL", description = SnapshotCommands.LABEL_HELP)
    String label;

    @Option(names = "--force", description = "Even where processes use the volume.")
    boolean force;

    @Option(names = "--dry-run", description = "Show the plan, and change nothing.")
    boolean dryRun;

    @Option(names = "--plan", paramLabel = "TOKEN", description = VolumeCommands.PLAN_HELP)
    @Nullable
    String plan;

    RollbackCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ObjectNode body = Json.object();
        if (force) {
            body.put("force", true);
        }
        if (dryRun) {
            body.put("dryRun", true);
        }
        if (plan != null) {
            body.put("plan", plan);
        }
        Answer answer = session.client().post(volume.snapshot(label).then("rollback"), body);
        if (dryRun) {
            String call = "varve rollback " + volume + " " + label + (force ? " --force" : "");
            new PlanReport(session.output()).print(answer, call);
        } else {
            showDone(answer);
        }
    }

    private void showDone(Answer answer) {
        JsonNode result = answer.json();
        String undo = Json.text(result, "undo");
        session.output()
                .done(answer, volume + " is back at " + label + "; the state before is kept as snapshot " + undo, undo);
    }
}
