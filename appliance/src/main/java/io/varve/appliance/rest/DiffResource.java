package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.browse.Accuracy;
import io.varve.browse.TreePath;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.Browsing;
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
@Needs(Role.OPERATOR)
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots/{label}/diff")
public class DiffResource {
    private final Targets targets;

    @Inject
    public DiffResource(Targets targets) {
        this.targets = targets;
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
        Optional<SnapshotLabel> until = to.map(target::label);
        Accuracy accuracy = Query.flag("quick", quick) ? Accuracy.QUICK : Accuracy.EXACT;
        DiffRequest wanted = new DiffRequest(
                page.map(DiffRequest::place).orElse(TreePath.ROOT),
                limit.map(Page::checked).orElse(Integer.MAX_VALUE));
        Browsing browsing = target.browsing();
        browsing.requireComparable(from, until);
        StreamingOutput list = out -> browsing.diff(from, until, accuracy, diff -> wanted.write(diff, out));
        return new WholeOrCut(list, request);
    }
}
