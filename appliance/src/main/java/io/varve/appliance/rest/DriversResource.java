package io.varve.appliance.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.ErrorCode;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import java.util.List;
import java.util.Optional;

/** The drivers, and why one cannot work here. */
@Path("/api/v1/drivers")
public class DriversResource {
    private static final java.nio.file.Path HOST = java.nio.file.Path.of("/");

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
    public Page<DriverView> list() {
        return Page.all(drivers.entries().stream().map(DriversResource::view).toList());
    }

    private static DriverView view(DriverEntry entry) {
        return switch (entry) {
            case DriverEntry.Found found -> view(found.provider(), found.source());
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

    /** A filesystem that does not suit is a matter of the root, not of the host: the driver itself is available. */
    private static DriverView view(DriverProvider provider, DriverEntry.Source source) {
        Availability availability = provider.probe(HOST);
        Optional<String> reason = availability instanceof Availability.Unavailable unavailable
                ? Optional.of(unavailable.reason())
                : Optional.empty();
        boolean usable = !(availability instanceof Availability.Unavailable unavailable)
                || unavailable.code() == ErrorCode.FILESYSTEM_UNSUITABLE;
        return new DriverView(
                provider.type().value(),
                source.toString(),
                false,
                usable,
                usable ? Optional.empty() : reason,
                provider.capabilities().stream().map(Capability::name).sorted().toList(),
                provider.options().stream().map(DriversResource::view).toList());
    }

    private static OptionView view(DriverOption option) {
        return new OptionView(option.name(), option.meaning(), option.defaultValue());
    }
}
