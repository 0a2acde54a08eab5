package io.varve.appliance.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.access.Role;
import io.varve.policy.Foresight;
import io.varve.policy.PolicyBook;
import io.varve.policy.PolicyRunner;
import io.varve.policy.Silence;
import io.varve.policy.Watch;
import io.varve.retention.Policy;
import io.varve.retention.PolicyCodec;
import io.varve.volume.Stores;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;

import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Policies. */
@Path("/api/v1/policies")
public class PoliciesResource {
    private static final String READ_ONLY = "readOnly";
    private static final String GOVERNS = "governs";
    private static final String SILENT = "silent";

    private final PolicyBook book;
    private final PolicyRunner runner;
    private final Stores stores;
    private final Watch watch;
    private final Foresight foresight;

    @Inject
    public PoliciesResource(PolicyBook book, PolicyRunner runner, Stores stores, Watch watch, Foresight foresight) {
        this.book = book;
        this.runner = runner;
        this.stores = stores;
        this.watch = watch;
        this.foresight = foresight;
    }

    @GET
    public Page<ObjectNode> list(
            @QueryParam("limit") Optional<String> limit, @QueryParam("page") Optional<String> page) {
        return Page.of(book.all(), limit, page, this::view);
    }

    @GET
    @Path("/{policy}")
    public ObjectNode show(@PathParam("policy") String name) {
        return view(book.require(name));
    }

    @Needs(Role.ADMIN)
    @PUT
    @Path("/{policy}")
    public Response put(@PathParam("policy") String name, InputStream content) {
        JsonNode document = withoutDerived(Body.tree(content));
        boolean created = book.put(name, document);
        ObjectNode view = view(book.require(name));
        return created
                ? Response.created(URI.create("/api/v1/policies/" + Encoding.segment(name)))
                        .entity(view)
                        .build()
                : Response.ok(view).build();
    }

    @Needs(Role.ADMIN)
    @DELETE
    @Path("/{policy}")
    public void remove(@PathParam("policy") String name) {
        book.remove(name);
    }

    @Needs(Role.VIEWER)
    @POST
    @Path("/{policy}/preview")
    public PlanViews.PreviewView preview(@PathParam("policy") String name, InputStream content) {
        Body body = Body.read(content, "now", "policy");
        return edited(body)
                .map(document -> PlanViews.of(foresight.compare(name, document, body.time("now"))))
                .orElseGet(() -> PlanViews.of(runner.preview(name, body.time("now"))));
    }

    @Needs(Role.VIEWER)
    @POST
    @Path("/{policy}/simulate")
    public ForecastView simulate(@PathParam("policy") String name, InputStream content) {
        Body body = Body.read(content, "until", "policy");
        Instant until = body.time("until").orElseThrow(() -> Body.invalid("field 'until' is missing"));
        return ForecastView.of(foresight.simulate(name, edited(body), until));
    }

    /** What a policy would be, written out. */
    private Optional<JsonNode> edited(Body body) {
        JsonNode document = body.node("policy");
        return document.isMissingNode() || document.isNull() ? Optional.empty() : Optional.of(withoutDerived(document));
    }

    @POST
    @Path("/{policy}/run")
    public PlanViews.ReportView run(@PathParam("policy") String name, InputStream content) {
        Optional<String> plan = Body.read(content, "plan").optionalText("plan");
        return PlanViews.of(plan.map(token -> runner.prune(name, token)).orElseGet(() -> runner.run(name)));
    }

    private ObjectNode view(Policy policy) {
        ObjectNode view = book.codec().write(policy);
        view.put(READ_ONLY, book.isReadOnly(policy.name()));
        ObjectNode origins = view.putObject(PolicyCodec.ORIGINS);
        book.origins(policy.name()).forEach((field, origin) -> origins.put(field, origin.spelling()));
        List<String> governed = runner.governed(policy).stream()
                .map(volume -> volume.store() + "/" + volume.name())
                .toList();
        governed.forEach(view.putArray(GOVERNS)::add);
        stores.open().stream()
                .flatMap(store -> watch.of(policy, store).stream())
                .map(Silence::text)
                .forEach(view.withArray(SILENT)::add);
        return view;
    }

    /** What was shown can be set again: what the view adds says how things are and sets nothing. */
    private JsonNode withoutDerived(JsonNode document) {
        return document instanceof ObjectNode policy
                ? book.codec().asSet(policy.without(List.of(READ_ONLY, GOVERNS, SILENT)))
                : document;
    }
}
