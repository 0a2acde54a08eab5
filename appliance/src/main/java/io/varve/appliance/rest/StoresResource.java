package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.registry.DriverRegistry;
import io.varve.volume.StoreDefinition;
import io.varve.volume.StoreEntry;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
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
import java.nio.file.InvalidPathException;
import java.util.Map;
import java.util.Optional;

/** Stores. */
@Path("/api/v1/stores")
public class StoresResource {
    private final Stores stores;
    private final DriverRegistry drivers;

    @Inject
    public StoresResource(Stores stores, DriverRegistry drivers) {
        this.stores = stores;
        this.drivers = drivers;
    }

    record StoreView(
            String name,
            Optional<String> driver,
            String root,
            Map<String, String> options,
            String state,
            Optional<String> reason,
            int volumes,
            boolean readOnly) {}

    @GET
    public Page<StoreView> list(
            @QueryParam("limit") Optional<String> limit, @QueryParam("page") Optional<String> page) {
        return Page.of(stores.entries(), limit, page, StoresResource::view);
    }

    @GET
    @Path("/{store}")
    public StoreView show(@PathParam("store") String store) {
        return view(stores.entry(StoreName.of(store)));
    }

    @Needs(Role.ADMIN)
    @POST
    public Response add(InputStream content) {
        Body body = Body.read(content, "name", "driver", "root", "options");
        StoreDefinition definition = new StoreDefinition(
                StoreName.of(body.text("name")),
                body.optionalText("driver").map(drivers::parse),
                root(body.text("root")),
                body.map("options"),
                false);
        Stores.Addition addition = stores.add(definition);
        StoreView view = view(addition.entry());
        return addition.created()
                ? Response.created(URI.create("/api/v1/stores/" + Encoding.segment(view.name())))
                        .entity(view)
                        .build()
                : Response.ok(view).build();
    }

    private static java.nio.file.Path root(String text) {
        try {
            return java.nio.file.Path.of(text);
        } catch (InvalidPathException impossible) {
            throw Body.invalid("field 'root' is not a path: " + impossible.getReason());
        }
    }

    @Needs(Role.ADMIN)
    @DELETE
    @Path("/{store}")
    public void remove(@PathParam("store") String store) {
        stores.remove(StoreName.of(store));
    }

    private static StoreView view(StoreEntry entry) {
        StoreEntry.Condition condition = entry.condition();
        int volumes = entry instanceof StoreEntry.Opened opened
                ? opened.store().volumes().size()
                : 0;
        StoreDefinition definition = entry.definition();
        return new StoreView(
                definition.name().value(),
                definition.driver().map(Object::toString),
                definition.root().toString(),
                definition.options(),
                condition.state().name(),
                condition.problem(),
                volumes,
                definition.readOnly());
    }
}
