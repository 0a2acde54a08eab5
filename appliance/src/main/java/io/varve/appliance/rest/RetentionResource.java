package io.varve.appliance.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.access.Role;
import io.varve.policy.PolicyBook;
import io.varve.retention.Brake;
import io.varve.retention.Candidate;
import io.varve.retention.CandidateReader;
import io.varve.retention.Policy;
import io.varve.retention.Retention;
import io.varve.retention.RetentionPlan;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;

/** Retention computed on a list that the caller gives; touches nothing. */
@OfNoStore
@Needs(Role.VIEWER)
@Path("/api/v1/retention")
public class RetentionResource {
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
        List<Candidate> candidates = CandidateReader.read("snapshots", body.node("snapshots"), policy.name());
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
