package io.varve.retention;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** Writes a policy as a document, in the order of the outer contract. */
final class PolicyWriter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PolicyWriter() {}

    static ObjectNode write(Policy policy) {
        ObjectNode document = JSON.objectNode().put("name", policy.name());
        if (!policy.match().equals(Match.nothing())) {
            document.set("match", match(policy.match()));
        }
        policy.schedule().ifPresent(schedule -> document.set("schedule", schedule(schedule)));
        document.put("label", policy.label().text())
                .put("onlyIfChanged", policy.onlyIfChanged())
                .set("keep", keep(policy.keep()));
        writeManner(policy, document);
        policy.space().ifPresent(space -> document.set("space", space(space)));
        policy.brake()
                .ifPresent(brake -> document.putObject("brake").put("maxRemovePercent", brake.maxRemovePercent()));
        if (policy.together()) {
            document.put("together", true);
        }
        policy.hooks().ifPresent(hooks -> document.set("hooks", hooks(hooks)));
        policy.alarmAfter().ifPresent(span -> document.put("alarmAfter", span.toString()));
        return document;
    }

    private static void writeManner(Policy policy, ObjectNode document) {
        document.put("representative", Fields.spelling(policy.representative()))
                .put("gaps", Fields.spelling(policy.gaps()))
                .put("combine", Fields.spelling(policy.combine()))
                .put("reference", Fields.spelling(policy.reference()))
                .put("minAge", policy.minAge().toString())
                .put("undoFor", policy.undoFor().toString())
                .put("unmatched", Fields.spelling(policy.unmatched()));
    }

    private static ObjectNode match(Match match) {
        ObjectNode written = JSON.objectNode();
        written.set("stores", globs(match.stores()));
        written.set("volumes", globs(match.volumes()));
        return written;
    }

    private static ObjectNode schedule(Schedule schedule) {
        ObjectNode written = JSON.objectNode();
        switch (schedule.timing()) {
            case Schedule.Cron(String expression) -> written.put("cron", expression);
            case Schedule.Every(Span interval) -> written.put("every", interval.toString());
        }
        return written.put("zone", schedule.zone().getId())
                .put("jitter", schedule.jitter().toString())
                .put("missed", Fields.spelling(schedule.missed()));
    }

    private static ObjectNode keep(Keep keep) {
        ObjectNode written = JSON.objectNode();
        keep.last().ifPresent(count -> written.put("last", count));
        keep.within().ifPresent(span -> written.put("within", span.toString()));
        keep.counts().forEach((period, count) -> written.put(period.countRule(), count));
        keep.spans().forEach((period, span) -> written.put(period.spanRule(), span.toString()));
        if (!keep.tags().isEmpty()) {
            written.set("tags", globs(keep.tags()));
        }
        return written;
    }

    private static ObjectNode space(SpaceRule space) {
        ObjectNode written = JSON.objectNode().put("minFreePercent", space.minFreePercent());
        written.set("floor", keep(space.floor()));
        return written;
    }

    private static ObjectNode hooks(Hooks hooks) {
        ObjectNode written = JSON.objectNode();
        hooks.before().forEach(written.withArray("before")::add);
        hooks.after().forEach(written.withArray("after")::add);
        return written.put("deadline", hooks.deadline().toString())
                .put("onFailure", Fields.spelling(hooks.onFailure()))
                .put("reaches", Fields.spelling(hooks.reaches()));
    }

    private static ArrayNode globs(List<Glob> globs) {
        ArrayNode written = JSON.arrayNode();
        globs.forEach(glob -> written.add(glob.pattern()));
        return written;
    }
}
