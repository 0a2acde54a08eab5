package io.varve.appliance.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.spi.Capability;
import io.varve.spi.DriverOption;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import java.util.List;
import java.util.Optional;

/** The drivers, and why one cannot work here. */
@OfNoStore
@Path("/api/v1/drivers")
public class DriversResource {
    private final DriverRegistry drivers;

    @Inject
    public DriversResource(DriverRegistry drivers) {
        this.drivers = drivers;
    }

    record OptionView(
            String name,
            String meaning,
            @JsonProperty("default") String defaultValue) {}

    record DriverView(
            String type,
            String source,
            boolean hosted,
            boolean available,
            Optional<String> reason,
            List<String> capabilities,
            List<OptionView> options) {}

    @GET
    public Page<DriverView> list(
            @QueryParam("limit") Optional<String> limit, @QueryParam("page") Optional<String> page) {
        return Page.of(drivers.entries(), limit, page, DriversResource::view);
    }

    private static DriverView view(DriverEntry entry) {
        return switch (entry) {
            case DriverEntry.Found found -> view(found);
            case DriverEntry.Broken broken ->
                new DriverView(
                        broken.name(),
                        broken.source().toString(),
                        false,
                        false,
                        Optional.of(broken.reason()),
                        List.of(),
                        List.of());
        };
    }

    private static DriverView view(DriverEntry.Found found) {
        Optional<String> reason = found.obstacleOnThisHost();
        return new DriverView(
                found.type().value(),
                found.source().toString(),
                false,
                reason.isEmpty(),
                reason,
                found.provider().capabilities().stream()
                        .map(Capability::name)
                        .sorted()
                        .toList(),
                found.provider().options().stream().map(DriversResource::view).toList());
    }

    private static OptionView view(DriverOption option) {
        return new OptionView(option.name(), option.meaning(), option.defaultValue());
    }
}
