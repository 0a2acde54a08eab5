package io.varve.appliance.rest;

import io.varve.catalog.SnapshotKind;
import io.varve.catalog.Tag;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.RollbackResult;
import io.varve.volume.Snapshot;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;

import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Snapshots of a volume. */
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots")
public class SnapshotsResource {
    private final Targets targets;

    @Inject
    public SnapshotsResource(Targets targets) {
        this.targets = targets;
    }

    record RollbackView(String snapshot, String undo, List<String> warnings) {
        static RollbackView of(RollbackResult result) {
            return new RollbackView(
                    result.snapshot().label().value(), result.undo().label().value(), result.warnings());
        }
    }

    @GET
    public Page<SnapshotView> list(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @QueryParam("tag") Optional<String> tag,
            @QueryParam("kind") Optional<String> kind,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("page") Optional<String> page) {
        Volume target = targets.volume(store, volume);
        Predicate<Snapshot> wanted = carries(tag).and(isOf(kind));
        List<Snapshot> found = target.snapshots().stream().filter(wanted).toList();
        return Page.of(found, limit, page, snapshot -> SnapshotView.of(target, snapshot));
    }

    private static Predicate<Snapshot> carries(Optional<String> tag) {
        Optional<Tag> wanted = tag.map(Tag::of);
        return snapshot -> wanted.isEmpty() || snapshot.record().tags().contains(wanted.get());
    }

    private static Predicate<Snapshot> isOf(Optional<String> kind) {
        Optional<SnapshotKind> wanted = kind.map(SnapshotsResource::parseKind);
        return snapshot -> wanted.isEmpty() || snapshot.record().kind() == wanted.get();
    }

    private static SnapshotKind parseKind(String text) {
        return Arrays.stream(SnapshotKind.values())
                .filter(kind -> kind.name().equals(text))
                .findFirst()
                .orElseThrow(() -> Body.invalid(
                        "'kind' is one of " + Arrays.toString(SnapshotKind.values()) + ", not '" + text + "'"));
    }

    @POST
    public Response create(@PathParam("store") String store, @PathParam("volume") String volume, InputStream content) {
        Body body = Body.read(content, "label", "message", "tags");
        Volume target = targets.volume(store, volume);
        SnapshotRequest request = SnapshotRequest.manual(
                body.optionalText("label").map(target::label),
                body.optionalText("message").orElse(""),
                body.texts("tags").stream().map(Tag::of).toList());
        SnapshotView view = SnapshotView.of(target, target.snapshot(request));
        URI location = URI.create("/api/v1/stores/" + Encoding.segment(store) + "/volumes/" + Encoding.segment(volume)
                + "/snapshots/" + Encoding.segment(view.label()));
        return Response.created(location).entity(view).build();
    }

    @GET
    @Path("/{label}")
    public SnapshotView show(
            @PathParam("store") String store, @PathParam("volume") String volume, @PathParam("label") String label) {
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(target, target.snapshot(target.label(label)));
    }

    @DELETE
    @Path("/{label}")
    public Response remove(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @QueryParam("dryRun") Optional<String> dryRun,
            @QueryParam("plan") Optional<String> plan) {
        Volume target = targets.volume(store, volume);
        SnapshotLabel which = target.label(label);
        if (Query.flag("dryRun", dryRun)) {
            return Response.ok(target.planRemoval(which)).build();
        }
        target.removeSnapshot(which, plan);
        return Response.noContent().build();
    }

    @POST
    @Path("/{label}/rollback")
    public Object rollback(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            InputStream content) {
        Body body = Body.read(content, "force", "dryRun", "plan");
        Volume target = targets.volume(store, volume);
        SnapshotLabel which = target.label(label);
        if (body.flag("dryRun")) {
            return target.planRollback(which);
        }
        return RollbackView.of(target.rollback(which, body.flag("force"), Optional.empty(), body.optionalText("plan")));
    }
}
