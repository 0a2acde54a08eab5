package io.varve.appliance.rest;

import io.varve.policy.SpaceWatch;
import io.varve.status.DiskWatch;
import io.varve.volume.Store;
import io.varve.volume.StoreEntry;
import io.varve.volume.Stores;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import java.util.Optional;

/** All stores at a glance. */
@Path("/api/v1/status")
public class OverviewResource {
    private final Stores stores;
    private final SpaceWatch space;
    private final DiskWatch disks;

    @Inject
    public OverviewResource(Stores stores, SpaceWatch space, DiskWatch disks) {
        this.stores = stores;
        this.space = space;
        this.disks = disks;
    }

    /** One line of the overview: a store with its status, or why it has none. */
    record OverviewView(String store, String state, Optional<String> reason, Optional<StatusView> status) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Page<OverviewView> list(
            @QueryParam("limit") Optional<String> limit, @QueryParam("page") Optional<String> page) {
        return Page.of(stores.entries(), limit, page, this::line);
    }

    @GET
    @Produces(Encoding.PLAIN_TEXT)
    public Response text() {
        return Encoding.text(stores.statuses().text());
    }

    private StatusView status(Store store) {
        return StatusView.of(store, space.of(store), disks.report());
    }

    private OverviewView line(StoreEntry entry) {
        StoreEntry.Condition condition = entry.condition();
        Optional<StatusView> status =
                switch (entry) {
                    case StoreEntry.Opened opened
                    when condition.problem().isEmpty() -> Optional.of(status(opened.store()));
                    case StoreEntry.Opened degraded -> Optional.empty();
                    case StoreEntry.Closed closed -> Optional.empty();
                };
        String name = entry.definition().name().value();
        return new OverviewView(name, condition.state().name(), condition.problem(), status);
    }
}
