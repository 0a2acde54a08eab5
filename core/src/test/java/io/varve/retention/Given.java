package io.varve.retention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.spi.SnapshotLabel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Snapshots and policies as the tests of this package write them down. */
final class Given {
    static final String NAME = "apps";
    static final ZoneId UTC = ZoneId.of("UTC");
    /** Long after every snapshot, unless a test is about the present. */
    static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

    private static final JsonMapper JSON = new JsonMapper();

    private Given() {}

    /** A document; names may stand without quotes, texts in single ones. */
    static JsonNode document(String text) {
        String strict = text.replaceAll("([{,] *)([A-Za-z]+):", "$1\"$2\":").replace('\'', '"');
        try {
            return JSON.readTree(strict);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static PolicyCodec codec() {
        return new PolicyCodec(cron -> cron.startsWith("bad") ? Optional.of("no cron expression") : Optional.empty());
    }

    /** A policy that is only computed with, from the fields inside its braces. */
    static Policy policy(String fields) {
        return codec().readRules(NAME, document("{" + fields + "}"));
    }

    static Policy keeping(String rules) {
        return policy("keep: {" + rules + "}");
    }

    static Instant at(String time) {
        boolean zoned = time.matches(".*(Z|[+-]\\d\\d:\\d\\d)");
        return OffsetDateTime.parse(zoned ? time : time + "Z").toInstant();
    }

    /** Snapshots of the policy's own making, each labelled with its time. UTC where the time has no offset. */
    static List<Candidate> made(String... times) {
        return Stream.of(times).map(Given::made).toList();
    }

    static Candidate made(String time) {
        return Candidate.ofPolicy(NAME, SnapshotLabel.of(time), at(time));
    }

    static Candidate manual(String time) {
        return foreign(time, Candidate.Kind.MANUAL, Optional.empty());
    }

    static Candidate foreign(String time, Candidate.Kind kind, Optional<String> policy) {
        return new Candidate(SnapshotLabel.of(time), at(time), kind, policy, List.of(), List.of(), List.of(), true);
    }

    static Candidate invalid(Candidate of) {
        return new Candidate(
                of.label(), of.created(), of.kind(), of.policy(), of.tags(), of.holds(), of.protectedBy(), false);
    }

    static Candidate tagged(Candidate of, String... tags) {
        return new Candidate(
                of.label(), of.created(), of.kind(), of.policy(), List.of(tags), of.holds(), of.protectedBy(), true);
    }

    static Candidate held(Candidate of, String... owners) {
        return new Candidate(
                of.label(), of.created(), of.kind(), of.policy(), of.tags(), List.of(owners), of.protectedBy(), true);
    }

    static Candidate guarded(Candidate of, String... reasons) {
        return new Candidate(
                of.label(), of.created(), of.kind(), of.policy(), of.tags(), of.holds(), List.of(reasons), true);
    }

    static RetentionPlan plan(Policy policy, List<Candidate> snapshots) {
        return Retention.plan(snapshots, policy, LATER, UTC);
    }

    static RetentionPlan plan(Policy policy, String... times) {
        return plan(policy, made(times));
    }

    static RetentionPlan plan(String zone, Policy policy, String... times) {
        return Retention.plan(made(times), policy, LATER, ZoneId.of(zone));
    }

    static Map<String, List<String>> reasons(RetentionPlan plan) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        plan.keep().forEach(kept -> reasons.put(kept.snapshot().label().value(), kept.reasons()));
        return reasons;
    }

    /** What the rules alone say, without what protects besides. */
    static Map<String, List<String>> rules(RetentionPlan plan) {
        Map<String, List<String>> rules = new LinkedHashMap<>();
        plan.keep().stream()
                .filter(kept -> !kept.rules().isEmpty())
                .forEach(kept -> rules.put(kept.snapshot().label().value(), kept.rules()));
        return rules;
    }

    static List<String> kept(RetentionPlan plan) {
        return List.copyOf(reasons(plan).keySet());
    }

    static List<String> removed(RetentionPlan plan) {
        return plan.remove().stream()
                .map(removed -> removed.snapshot().label().value())
                .toList();
    }
}
