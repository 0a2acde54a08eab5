package io.varve.appliance.rest;

import io.varve.volume.StoreEntry;
import io.varve.volume.Stores;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import java.util.Optional;

/** All stores at a glance. */
@Path("/api/v1/status")
public class OverviewResource {
    private final Stores stores;

    @Inject
    public OverviewResource(Stores stores) {
        this.stores = stores;
    }

    /** One line of the overview: a store with its status, or why it has none. */
    record OverviewView(String store, String state, Optional<String> reason, Optional<StatusView> status) {}

    @GET
    public Page<OverviewView> list() {
        return Page.all(stores.entries().stream().map(OverviewResource::line).toList());
    }

    private static OverviewView line(StoreEntry entry) {
        String name = entry.definition().name().value();
        Optional<String> problem = entry.problem();
        return switch (entry) {
            case StoreEntry.Closed closed -> new OverviewView(name, "CLOSED", problem, Optional.empty());
            case StoreEntry.Opened opened ->
                new OverviewView(
                        name,
                        problem.isPresent() ? "DEGRADED" : "OPEN",
                        problem,
                        problem.isPresent() ? Optional.empty() : Optional.of(StatusView.of(opened.store())));
        };
    }
}
