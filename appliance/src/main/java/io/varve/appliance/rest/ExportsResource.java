package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.share.Client;
import io.varve.share.Export;
import io.varve.share.Exports;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;
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
import java.util.List;
import java.util.Optional;

/** What other hosts may use of a store over NFS. */
@Path("/api/v1/stores/{store}/exports")
public class ExportsResource {
    private final Exports exports;

    @Inject
    public ExportsResource(Exports exports) {
        this.exports = exports;
    }

    /**
     * @param path what clients mount
     * @param problem why they cannot
     */
    record ExportView(
            String id,
            String store,
            Optional<String> volume,
            Optional<String> path,
            List<String> clients,
            boolean readOnly,
            boolean rootSquash,
            Optional<String> problem) {
        static ExportView of(Exports.Condition condition) {
            Export export = condition.export();
            return new ExportView(
                    export.id(),
                    export.store().value(),
                    export.volume().map(VolumeName::value),
                    condition.path().map(java.nio.file.Path::toString),
                    export.clients().stream().map(Client::text).toList(),
                    export.readOnly(),
                    export.rootSquash(),
                    condition.problem());
        }
    }

    @GET
    public Page<ExportView> list(
            @PathParam("store") String store,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("page") Optional<String> page) {
        return Page.of(exports.of(StoreName.of(store)), limit, page, ExportView::of);
    }

    @POST
    @Needs(Role.ADMIN)
    public Response add(@PathParam("store") String store, InputStream content) {
        Body body = Body.read(content, "volume", "clients", "readOnly", "rootSquash");
        Exports.Addition addition = exports.add(new Export(
                "",
                StoreName.of(store),
                body.optionalText("volume").map(VolumeName::of),
                body.texts("clients").stream().map(Client::new).toList(),
                body.flag("readOnly"),
                body.flag("rootSquash", true)));
        ExportView view = ExportView.of(addition.condition());
        URI place = URI.create("/api/v1/stores/" + Encoding.segment(store) + "/exports/" + Encoding.segment(view.id()));
        return (addition.created() ? Response.created(place) : Response.ok())
                .entity(view)
                .build();
    }

    @GET
    @Path("/{export}")
    public ExportView show(@PathParam("store") String store, @PathParam("export") String id) {
        return ExportView.of(exports.find(StoreName.of(store), id));
    }

    @DELETE
    @Path("/{export}")
    @Needs(Role.ADMIN)
    public void remove(@PathParam("store") String store, @PathParam("export") String id) {
        exports.remove(StoreName.of(store), id);
    }
}
