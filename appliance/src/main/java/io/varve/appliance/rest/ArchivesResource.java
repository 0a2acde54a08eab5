package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.archive.Exclusions;
import io.varve.browse.SnapshotTree;
import io.varve.browse.TreePath;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot as an archive, streamed. {@code ?path=} is relative to the snapshot's root: the archive then holds what is there
 * and below it, and the directories above it alone.
 */
@Needs(Role.OPERATOR)
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots/{label}/archive")
public class ArchivesResource {
    private final Targets targets;

    @Inject
    public ArchivesResource(Targets targets) {
        this.targets = targets;
    }

    @GET
    @RawQueryParam("path")
    public Response export(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @QueryParam("parent") Optional<String> parent,
            @QueryParam("exclude") List<String> excluded,
            @HeaderParam(HttpHeaders.ACCEPT_ENCODING) Optional<String> accepted,
            @Context HttpServerRequest request) {
        if (parent.isPresent()) {
            throw new StorageException(
                    ErrorCode.NOT_SUPPORTED, "archives of a difference ('parent') are not made in this release");
        }
        Volume target = targets.volume(store, volume);
        SnapshotLabel which = target.validSnapshot(target.label(label)).label();
        TreePath part = FilesResource.path(request);
        requireThere(target, which, part);
        Exclusions exclusions = Exclusions.of(excluded).limitedTo(part.raw());
        Compression compression = Compression.accepted(accepted);
        StreamingOutput body = stream -> {
            OutputStream compressed = compression.compress(stream);
            target.exportTo(which, exclusions, compressed);
            compressed.close();
        };
        Response.ResponseBuilder response = Response.ok(new WholeOrCut(body, request), "application/x-tar")
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename*=UTF-8''" + Encoding.segment(which.fullName(target.name())) + ".tar");
        return compression == Compression.IDENTITY
                ? response.build()
                : response.header(HttpHeaders.CONTENT_ENCODING, compression.coding())
                        .build();
    }

    /** Refuses what is not there before the answer begins. */
    private static void requireThere(Volume volume, SnapshotLabel label, TreePath part) {
        if (!part.isRoot()) {
            try (SnapshotTree tree = SnapshotTree.open(volume.path(label))) {
                tree.stat(part);
            }
        }
    }
}
