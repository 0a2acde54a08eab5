package io.varve.appliance.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.policy.PolicyBook;
import io.varve.retention.Brake;
import io.varve.retention.Candidate;
import io.varve.retention.Policy;
import io.varve.retention.Retention;
import io.varve.retention.RetentionPlan;
import io.varve.spi.SnapshotLabel;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Retention computed on a list that the caller gives; touches nothing. */
@Path("/api/v1/retention")
public class RetentionResource {
    private static final Set<String> FIELDS = Set.of("label", "created", "tags", "kind", "holds", "policy");

    private final PolicyBook book;

    @Inject
    public RetentionResource(PolicyBook book) {
        this.book = book;
    }

    @POST
    @Path("/plan")
    public PlanViews.ListPlanView plan(InputStream content) {
        Body body = Body.read(content, "policy", "snapshots", "now", "zone");
        Policy policy = policy(body.node("policy"));
        List<Candidate> candidates = candidates(body.node("snapshots"), policy);
        Instant now = time("now", body.text("now"));
        ZoneId zone = body.optionalText("zone").map(RetentionResource::zone).orElse(policy.zone());
        RetentionPlan plan = Retention.plan(candidates, policy, now, zone);
        return PlanViews.of(plan, Brake.objection(plan, policy));
    }

    /** A policy written out, or the name of one there is. */
    private Policy policy(JsonNode node) {
        if (node.isTextual()) {
            return book.require(node.textValue());
        }
        if (!node.isObject()) {
            throw Body.invalid("field 'policy' is neither a policy nor the name of one");
        }
        return book.codec().readRules("unnamed", node);
    }

    private static List<Candidate> candidates(JsonNode nodes, Policy policy) {
        if (!nodes.isArray()) {
            throw Body.invalid("field 'snapshots' is not a list");
        }
        List<Candidate> candidates = new ArrayList<>();
        for (JsonNode node : nodes) {
            candidates.add(candidate(node, policy, "snapshots[" + candidates.size() + "]"));
        }
        return candidates;
    }

    private static Candidate candidate(JsonNode node, Policy policy, String where) {
        node.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw Body.invalid(where + ": unknown field '" + field + "'");
            }
        });
        return new Candidate(
                SnapshotLabel.of(text(node, "label", where)),
                time(where + ".created", text(node, "created", where)),
                kind(node.path("kind").asText(Candidate.Kind.POLICY.name()), where),
                Optional.of(node.path("policy").asText(policy.name())),
                texts(node.path("tags"), where + ".tags"),
                owners(node.path("holds"), where + ".holds"),
                List.of(),
                true);
    }

    private static Candidate.Kind kind(String text, String where) {
        return Arrays.stream(Candidate.Kind.values())
                .filter(kind -> kind.name().equals(text))
                .findFirst()
                .orElseThrow(() -> Body.invalid(where + ".kind is one of " + Arrays.toString(Candidate.Kind.values())));
    }

    private static String text(JsonNode node, String field, String where) {
        if (!node.path(field).isTextual()) {
            throw Body.invalid(where + "." + field + " is missing or not a string");
        }
        return node.path(field).textValue();
    }

    private static List<String> texts(JsonNode nodes, String where) {
        List<String> texts = new ArrayList<>();
        for (JsonNode node : nodes) {
            if (!node.isTextual()) {
                throw Body.invalid(where + " holds something that is not a string");
            }
            texts.add(node.textValue());
        }
        return texts;
    }

    /** A hold is its owner's name, or the object that a snapshot shows. */
    private static List<String> owners(JsonNode nodes, String where) {
        List<String> owners = new ArrayList<>();
        for (JsonNode node : nodes) {
            owners.add(node.isTextual() ? node.textValue() : text(node, "owner", where));
        }
        return owners;
    }

    private static Instant time(String field, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException malformed) {
            throw Body.invalid("'" + field + "' is not an RFC 3339 time: '" + text + "'");
        }
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw Body.invalid("'" + text + "' is not a time zone");
        }
    }
}
