package io.varve.registry;

import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A provider whose answers a test sets; its drivers are {@link PlainDriver}s. */
public final class TestProvider implements DriverProvider {
    private final DriverType type;
    private final Set<Capability> capabilities;
    private Predicate<Path> worksAt = root -> true;
    private Consumer<StoreLayout> atOpen = layout -> {};

    public TestProvider(String type, Capability... capabilities) {
        this.type = DriverType.of(type);
        this.capabilities = Set.of(capabilities);
    }

    public TestProvider worksAt(Predicate<Path> roots) {
        worksAt = roots;
        return this;
    }

    public TestProvider atOpen(Consumer<StoreLayout> action) {
        atOpen = action;
        return this;
    }

    @Override
    public DriverType type() {
        return type;
    }

    @Override
    public List<DriverOption> options() {
        return List.of(new DriverOption("size", "how large", "1"), new DriverOption("colour", "which one", "red"));
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Availability probe(Path root) {
        return worksAt.test(root) ? Availability.available() : Availability.unsuitable("the stars are wrong");
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        List<String> problems = new ArrayList<>();
        if (!options.getOrDefault("size", "1").matches("[0-9]+")) {
            problems.add("option 'size' is no number");
        }
        if (!options.getOrDefault("colour", "red").equals("red")) {
            problems.add("option 'colour' is not red");
        }
        return problems;
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        atOpen.accept(layout);
        return new PlainDriver(layout, capabilities);
    }
}
