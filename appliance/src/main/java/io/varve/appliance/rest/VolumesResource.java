package io.varve.appliance.rest;

import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Store;
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
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Volumes of a store. */
@Path("/api/v1/stores/{store}/volumes")
public class VolumesResource {
    private final Targets targets;

    @Inject
    public VolumesResource(Targets targets) {
        this.targets = targets;
    }

    record VolumeView(
            String name, String tenant, String store, String path, Instant created, OptionalLong size, int snapshots) {}

    @GET
    public Page<VolumeView> list(
            @PathParam("store") String store,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("page") Optional<String> page) {
        return Page.of(targets.store(store).volumes(), limit, page, VolumesResource::view);
    }

    @POST
    public Response create(@PathParam("store") String store, InputStream content) {
        Body body = Body.read(content, "name", "size");
        VolumeName name = VolumeName.of(body.text("name"));
        VolumeView view = view(targets.store(store).createVolume(name, new VolumeSpec(body.size("size"))));
        return Response.created(URI.create(
                        "/api/v1/stores/" + Encoding.segment(store) + "/volumes/" + Encoding.segment(view.name())))
                .entity(view)
                .build();
    }

    /** Who asks for a volume by its name is told where to use it, so a released one is mounted again. */
    @GET
    @Path("/{volume}")
    public VolumeView show(@PathParam("store") String store, @PathParam("volume") String volume) {
        Volume used = targets.volume(store, volume);
        return view(used, used.path());
    }

    @DELETE
    @Path("/{volume}")
    public Response remove(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @QueryParam("dryRun") Optional<String> dryRun,
            @QueryParam("plan") Optional<String> plan) {
        Store target = targets.store(store);
        VolumeName name = VolumeName.of(volume);
        if (Query.flag("dryRun", dryRun)) {
            return Response.ok(target.planRemoval(name)).build();
        }
        target.removeVolume(name, plan);
        return Response.noContent().build();
    }

    @POST
    @Path("/{volume}/resize")
    public VolumeView resize(
            @PathParam("store") String store, @PathParam("volume") String volume, InputStream content) {
        Body body = Body.read(content, "size");
        Volume target = targets.volume(store, volume);
        target.resize(body.size("size").orElseThrow(() -> Body.invalid("field 'size' is missing")));
        return view(target);
    }

    @POST
    @Path("/{volume}/release")
    public void release(@PathParam("store") String store, @PathParam("volume") String volume) {
        targets.volume(store, volume).release();
    }

    private static VolumeView view(Volume volume) {
        return view(volume, volume.head());
    }

    private static VolumeView view(Volume volume, java.nio.file.Path path) {
        return new VolumeView(
                volume.name().value(),
                volume.tenant(),
                volume.store().value(),
                path.toString(),
                volume.record().created(),
                volume.record().size(),
                volume.snapshotCount());
    }
}
