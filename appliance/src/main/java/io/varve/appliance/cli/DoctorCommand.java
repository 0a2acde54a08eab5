package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.Optional;

@Command(
        name = "doctor",
        description = "Compare records with disk: list what does not fit together, and repair it by plan.",
        footer = {"varve doctor", "varve doctor --store fast", "varve doctor --repair"})
final class DoctorCommand implements Runnable {
    private static final ApiPath PATH = ApiPath.of("doctor");

    private final Session session;

    @Option(names = "--store", paramLabel = "STORE", description = "Only this store. Default: all.")
    Optional<String> store;

    @Option(names = "--repair", description = "Carry out the repairs proposed now.")
    boolean repair;

    @Option(
            names = "--plan",
            paramLabel = "TOKEN",
            description =
                    "Carry out exactly the repairs an earlier call proposed, or none where the world has moved since.")
    Optional<String> plan;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (plan.isPresent()) {
            session.output().details(repair(plan.get()));
            return;
        }
        Answer examination = session.client().post(PATH, body());
        if (repair) {
            repairAll(examination);
        } else {
            report(examination);
        }
    }

    private void report(Answer examination) {
        JsonNode found = examination.json();
        boolean sound =
                found.path("findings").isArray() && found.path("findings").isEmpty();
        if (sound && session.output().form() == Output.Form.TERMINAL) {
            session.output().remark("no findings: records and disk agree");
            return;
        }
        session.output().details(examination);
        if (!PlanToken.of(found).isEmpty()) {
            session.output().remark("To repair exactly this: varve doctor --plan " + PlanToken.of(found));
        }
    }

    private void repairAll(Answer examination) {
        String token = PlanToken.of(examination.json());
        if (token.isEmpty()) {
            report(examination);
        } else {
            session.output().details(repair(token));
        }
    }

    private Answer repair(String token) {
        return session.client().post(PATH, body().put("repair", token));
    }

    private ObjectNode body() {
        ObjectNode body = Json.object();
        store.ifPresent(name -> body.put("store", name));
        return body;
    }
}
