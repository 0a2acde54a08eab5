package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.browse.RegularFile;
import io.varve.browse.SnapshotTree;
import io.varve.browse.TreePath;
import io.varve.linux.FileStat;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Browsing;
import io.varve.volume.Volume;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of one regular file in a snapshot, whole or a range of them. Whatever it holds goes out as bytes to keep,
 * never as a page to show: it comes from inside volumes.
 */
@Needs(Role.OPERATOR)
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots/{label}/content")
public class ContentResource {
    private final Targets targets;

    @Inject
    public ContentResource(Targets targets) {
        this.targets = targets;
    }

    @GET
    @RawQueryParam("path")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response read(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @HeaderParam("Range") Optional<String> range,
            @HeaderParam("If-Range") Optional<String> condition,
            @Context Request preconditions,
            @Context UriInfo uri,
            @Context HttpServerRequest request) {
        Volume target = targets.volume(store, volume);
        Source source = new Source(target.browsing(), target.label(label), FilesResource.path(request));
        FileStat file = source.look();
        EntityTag tag = tag(file);
        ResponseBuilder unchanged = preconditions.evaluatePreconditions(tag);
        if (unchanged != null) {
            return refusedOr(unchanged.tag(tag).build());
        }
        boolean isStale = condition.isPresent() && !condition.get().equals("\"" + tag.getValue() + "\"");
        ByteRange wanted = ByteRange.of(isStale ? Optional.empty() : range, file.size());
        ResponseBuilder answer =
                switch (wanted) {
                    case ByteRange.Whole whole ->
                        Response.ok(source.content(0, whole.size(), request))
                                .header(HttpHeaders.CONTENT_LENGTH, whole.size());
                    case ByteRange.Part part ->
                        Response.status(Response.Status.PARTIAL_CONTENT)
                                .entity(source.content(part.from(), part.length(), request))
                                .header(HttpHeaders.CONTENT_LENGTH, part.length())
                                .header("Content-Range", part.contentRange());
                    case ByteRange.Beyond beyond -> refused(beyond, uri.getPath());
                };
        return described(answer, source.path, tag).build();
    }

    /** A file in a snapshot. It is opened where it is read: an answer that is never sent (HEAD) leaves nothing open. */
    private record Source(Browsing browsing, SnapshotLabel label, TreePath path) {
        /** Refuses what cannot be read before the answer begins. */
        FileStat look() {
            return browsing.tree(label, tree -> {
                try (RegularFile file = tree.open(path)) {
                    return file.stat();
                }
            });
        }

        StreamingOutput content(long from, long length, HttpServerRequest request) {
            return new WholeOrCut(out -> browsing.tree(label, tree -> copy(tree, from, length, out)), request);
        }

        private long copy(SnapshotTree tree, long from, long length, OutputStream out) {
            try (RegularFile file = tree.open(path)) {
                file.copyTo(out, from, length);
                return length;
            } catch (IOException gone) {
                throw new StorageException(ErrorCode.CANCELLED, "the client went away before it had all", gone);
            }
        }
    }

    /** Nothing writes to a snapshot: another file at this path has another inode or another time. */
    private static EntityTag tag(FileStat file) {
        return new EntityTag(Long.toHexString(file.inode()) + "-" + file.size() + "-" + file.changed());
    }

    /** A precondition that fails is a failure like any other; a copy that is still good is none. */
    private static Response refusedOr(Response evaluated) {
        if (evaluated.getStatus() == Response.Status.PRECONDITION_FAILED.getStatusCode()) {
            throw new WebApplicationException(evaluated);
        }
        return evaluated;
    }

    private static ResponseBuilder refused(ByteRange.Beyond beyond, String instance) {
        int rangeNotSatisfiable = 416;
        String detail = "the range begins behind the end of the file, which has " + beyond.size() + " bytes";
        Response problem = Problem.of(ErrorCode.REQUEST_INVALID, rangeNotSatisfiable, detail, instance, Map.of());
        return Response.fromResponse(problem).header("Content-Range", beyond.contentRange());
    }

    private static ResponseBuilder described(ResponseBuilder answer, TreePath path, EntityTag tag) {
        return answer.tag(tag)
                .header("Accept-Ranges", "bytes")
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename*=UTF-8''"
                                + RawText.encode(RawName.of(path.name().toString())));
    }
}
