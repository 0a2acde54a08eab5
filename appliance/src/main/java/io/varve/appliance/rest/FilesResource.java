package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.browse.Entry;
import io.varve.browse.Listing;
import io.varve.browse.TreePath;
import io.varve.linux.FileStat;
import io.varve.linux.RawName;
import io.varve.volume.Volume;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;

import java.time.Instant;
import java.util.Optional;

/**
 * The entries of a directory in a snapshot: {@code ?path=} is relative to the snapshot's root, which is listed without
 * it. Sorted by the bytes of the names.
 */
@Needs(Role.OPERATOR)
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots/{label}/files")
public class FilesResource {
    private final Targets targets;

    @Inject
    public FilesResource(Targets targets) {
        this.targets = targets;
    }

    /**
     * An entry as clients see it.
     *
     * @param rawName the name percent-encoded, where it is not UTF-8; {@code ?path=} takes it as it is
     * @param size bytes; of a symlink, its text's
     * @param mode the permission bits, octal
     * @param target the text of a symlink
     */
    record EntryView(
            String name,
            Optional<String> rawName,
            String kind,
            long size,
            String mode,
            long uid,
            long gid,
            Instant modified,
            Optional<String> target,
            Optional<String> rawTarget) {
        static EntryView of(Entry entry) {
            FileStat stat = entry.stat();
            return new EntryView(
                    entry.name().toString(),
                    RawText.ifNotText(entry.name()),
                    stat.kind().name(),
                    stat.size(),
                    String.format("%04o", stat.permissions()),
                    Integer.toUnsignedLong(stat.owner()),
                    Integer.toUnsignedLong(stat.group()),
                    stat.modified(),
                    entry.target().map(RawName::toString),
                    entry.target().flatMap(RawText::ifNotText));
        }
    }

    @GET
    @RawQueryParam("path")
    public Page<EntryView> list(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("page") Optional<String> page,
            @Context HttpServerRequest request) {
        Volume target = targets.volume(store, volume);
        TreePath where = path(request);
        return target.browsing().tree(target.label(label), tree -> {
            try (Listing listing = tree.list(where)) {
                return Page.of(listing.names(), limit, page, name -> EntryView.of(listing.entry(name)));
            }
        });
    }

    /** What {@code ?path=} names; the root without it. */
    static TreePath path(HttpServerRequest request) {
        String query = Optional.ofNullable(request.query()).orElse("");
        return RawText.parameter(query, "path").map(TreePath::of).orElse(TreePath.ROOT);
    }
}
