package io.varve.appliance.rest;

import io.varve.browse.Accuracy;
import io.varve.browse.TreePath;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.Operations;
import io.varve.volume.Subject;
import io.varve.volume.Volume;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;

import java.util.Optional;

/**
 * What changed since a snapshot, up to another one or to the live volume. Written while it is found, so that a diff of
 * any length takes the same memory; a failure on the way breaks the answer off.
 */
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots/{label}/diff")
public class DiffResource {
    private final Targets targets;
    private final Operations operations;

    @Inject
    public DiffResource(Targets targets, Operations operations) {
        this.targets = targets;
        this.operations = operations;
    }

    /**
     * @param to another label; the live volume without it
     * @param quick takes files of equal size and modification time for equal, as rsync(1) does
     */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public StreamingOutput diff(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @QueryParam("to") Optional<String> to,
            @QueryParam("quick") Optional<String> quick,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("page") Optional<String> page,
            @Context HttpServerRequest request) {
        Volume target = targets.volume(store, volume);
        SnapshotLabel from = target.label(label);
        DiffRequest wanted = new DiffRequest(
                target.path(from),
                to.map(target::label).map(target::path).orElseGet(target::path),
                Query.flag("quick", quick) ? Accuracy.QUICK : Accuracy.EXACT,
                page.map(DiffRequest::place).orElse(TreePath.ROOT),
                limit.map(Page::checked).orElse(Integer.MAX_VALUE));
        Subject subject = Subject.of(target.store(), target.name()).with(from);
        wanted.check();
        StreamingOutput list =
                out -> operations.run("snapshot.diff", subject, operation -> wanted.write(out, operation));
        return new WholeOrCut(list, request);
    }
}
