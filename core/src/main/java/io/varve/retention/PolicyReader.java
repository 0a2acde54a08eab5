package io.varve.retention;

import io.varve.spi.Consistency;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Builds a policy from a document. Where something is wrong it notes a fault and goes on with a default; the result counts
 * only if no fault was noted.
 */
final class PolicyReader {
    /** What stands in for a name or text that is wrong. */
    private static final String NOBODY = "policy";

    /** What a policy is read for. */
    enum Scope {
        /** It governs volumes, so it must say which. */
        GOVERNING,
        COMPUTING
    }

    private final Faults faults;
    private final Scope scope;
    private final Function<String, Optional<String>> cronFault;

    PolicyReader(Faults faults, Scope scope, Function<String, Optional<String>> cronFault) {
        this.faults = faults;
        this.scope = scope;
        this.cronFault = cronFault;
    }

    /** @param address the name the policy is to have; empty where the document must say it */
    Policy read(Fields fields, Optional<String> address) {
        Policy policy = new Policy(
                name(fields, address),
                match(fields),
                schedule(fields),
                label(fields),
                fields.flag("onlyIfChanged"),
                keep(fields.object("keep")),
                fields.choice("representative", Policy.Representative.NEWEST),
                fields.choice("gaps", Policy.Gaps.SKIP),
                fields.choice("combine", Policy.Combine.ANY),
                fields.choice("reference", Policy.Reference.NEWEST),
                fields.span("minAge").orElse(Span.ZERO),
                fields.span("undoFor").orElse(Policy.DEFAULT_UNDO_FOR),
                fields.choice("unmatched", Policy.Unmatched.IGNORE),
                space(fields),
                brake(fields),
                fields.span("alarmAfter"),
                fields.flag("together"),
                hooks(fields));
        if (policy.together() && policy.onlyIfChanged()) {
            fields.fault("together", "cannot go with onlyIfChanged: a set has a snapshot of every volume");
        }
        fields.end();
        return policy;
    }

    private String name(Fields fields, Optional<String> address) {
        Optional<String> own = fields.text("name");
        if (own.isPresent() && address.isPresent() && !own.equals(address)) {
            fields.fault(
                    "name",
                    "is " + Refusal.quote(own.get()) + ", but the policy is addressed as "
                            + Refusal.quote(address.get()));
        }
        Optional<String> name = address.or(() -> own);
        if (name.isEmpty() && !fields.has("name")) {
            fields.fault("name", "is missing");
        }
        name.filter(text -> !Policy.isName(text))
                .ifPresent(
                        text -> fields.fault("name", Refusal.quote(text) + " is no policy name: " + Policy.NAME_RULE));
        return name.filter(Policy::isName).orElse(NOBODY);
    }

    private Match match(Fields fields) {
        Fields match = fields.object("match");
        Match read = new Match(match.globs("stores"), match.globs("volumes"));
        match.end();
        if (fields.has("match")) {
            requireList(match, "stores");
            requireList(match, "volumes");
        } else if (scope == Scope.GOVERNING) {
            fields.fault("match", "is missing; say which stores and volumes the policy governs, [\"*\"] for all");
        }
        return read;
    }

    private static void requireList(Fields match, String name) {
        if (match.isNothing(name)) {
            match.fault(name, "is empty; name at least one pattern, [\"*\"] for all");
        }
    }

    private Optional<Schedule> schedule(Fields fields) {
        if (!fields.has("schedule")) {
            return Optional.empty();
        }
        Fields schedule = fields.object("schedule");
        Optional<Schedule.Timing> timing = timing(schedule);
        ZoneId zone = zone(schedule);
        Span jitter = schedule.span("jitter").orElse(Span.ZERO);
        Schedule.Missed missed = schedule.choice("missed", Schedule.Missed.ONCE);
        schedule.end();
        return timing.map(found -> new Schedule(found, zone, jitter, missed));
    }

    private Optional<Schedule.Timing> timing(Fields schedule) {
        Optional<Schedule.Timing> cron = cron(schedule).map(Schedule.Cron::new);
        Optional<Schedule.Timing> every = every(schedule).map(Schedule.Every::new);
        if (schedule.has("cron") == schedule.has("every")) {
            schedule.fault(
                    schedule.has("cron")
                            ? "has both cron and every; leave one out"
                            : "has neither cron nor every; give one");
        }
        return cron.or(() -> every);
    }

    private Optional<String> cron(Fields schedule) {
        Optional<String> cron = schedule.text("cron");
        cron.flatMap(cronFault).ifPresent(problem -> schedule.fault("cron", problem));
        return cron;
    }

    private static Optional<Span> every(Fields schedule) {
        Optional<Span> every = schedule.span("every");
        every.filter(Span::isZero).ifPresent(zero -> schedule.fault("every", "is zero; it must be a second at least"));
        return every;
    }

    private static ZoneId zone(Fields schedule) {
        String zone = schedule.text("zone").orElse("UTC");
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            schedule.fault(
                    "zone", "unknown time zone " + Refusal.quote(zone) + "; write one such as Europe/Vienna or UTC");
            return ZoneOffset.UTC;
        }
    }

    private LabelTemplate label(Fields fields) {
        return fields.text("label")
                .flatMap(text -> faults.note("label", () -> new LabelTemplate(text)))
                .orElse(LabelTemplate.DEFAULT);
    }

    private Keep keep(Fields keep) {
        OptionalInt last = keep.whole("last", Keep.UNLIMITED, Integer.MAX_VALUE);
        Optional<Span> within = keep.span("within");
        Map<Period, Integer> counts = new EnumMap<>(Period.class);
        Map<Period, Span> spans = new EnumMap<>(Period.class);
        for (Period period : Period.values()) {
            keep.whole(period.countRule(), Keep.UNLIMITED, Integer.MAX_VALUE)
                    .ifPresent(count -> counts.put(period, count));
            keep.span(period.spanRule()).ifPresent(span -> spans.put(period, span));
        }
        List<Glob> tags = new ArrayList<>(keep.globs("tags"));
        keep.end();
        return new Keep(last, counts, within, spans, tags);
    }

    private Optional<SpaceRule> space(Fields fields) {
        if (!fields.has("space")) {
            return Optional.empty();
        }
        Fields space = fields.object("space");
        OptionalInt minimum = percent(space, "minFreePercent");
        Keep floor = keep(space.object("floor"));
        space.end();
        return Optional.of(new SpaceRule(minimum.orElse(0), floor));
    }

    private static Optional<Hooks> hooks(Fields fields) {
        if (!fields.has("hooks")) {
            return Optional.empty();
        }
        Fields hooks = fields.object("hooks");
        List<String> before = program(hooks, "before");
        List<String> after = program(hooks, "after");
        Span deadline = hooks.span("deadline").orElse(Hooks.DEFAULT_DEADLINE);
        Hooks.OnFailure onFailure = hooks.choice("onFailure", Hooks.OnFailure.ABORT);
        Consistency reaches = hooks.choice("reaches", Consistency.APPLICATION);
        hooks.end();
        if (before.isEmpty() && after.isEmpty()) {
            hooks.fault("has neither before nor after; give one");
        }
        if (deadline.isZero()) {
            hooks.fault("deadline", "is zero; it must be a second at least");
        }
        return Optional.of(new Hooks(before, after, deadline, onFailure, reaches));
    }

    private static List<String> program(Fields hooks, String name) {
        List<String> program = hooks.list(name, "a text", node -> Optional.ofNullable(node.textValue()));
        if (!program.isEmpty() && !program.getFirst().startsWith("/")) {
            hooks.fault(
                    name, "begins with " + Refusal.quote(program.getFirst()) + "; write the program's absolute path");
        }
        return program;
    }

    private Optional<Brake> brake(Fields fields) {
        if (!fields.has("brake")) {
            return Optional.empty();
        }
        Fields brake = fields.object("brake");
        OptionalInt maximum = percent(brake, "maxRemovePercent");
        brake.end();
        return Optional.of(new Brake(maximum.orElse(0)));
    }

    private static OptionalInt percent(Fields fields, String name) {
        if (!fields.has(name)) {
            fields.fault(name, "is missing");
        }
        return fields.whole(name, 0, 100);
    }
}
