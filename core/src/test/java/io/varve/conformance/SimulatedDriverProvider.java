package io.varve.conformance;

import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StoreLayout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A driver over plain directories for tests of what lies above drivers: complete, quick on small trees, and slow or
 * failing when asked to be.
 */
public final class SimulatedDriverProvider implements DriverProvider {
    /** Capabilities to do without, by name, with commas between them. */
    public static final String WITHOUT = "simulated.without";

    /** How many milliseconds each step of the driver's work takes longer. */
    public static final String DELAY = "simulated.delay";

    private static final Set<Capability> ALL = Set.of(
            Capability.COMMITS_FILESYSTEM,
            Capability.RESIZE,
            Capability.IMPORT,
            Capability.NATIVE_STREAM,
            Capability.EXCLUSIVE_SIZE,
            Capability.CHANGE_DETECTION);

    private final DriverType type;
    private final SimulatedBehaviour behaviour = new SimulatedBehaviour();

    public SimulatedDriverProvider() {
        this(DriverType.of("simulated"));
    }

    /** One more technology of this kind, for tests with several. */
    public SimulatedDriverProvider(DriverType type) {
        this.type = type;
    }

    /** How the drivers of this provider behave from now on. */
    public SimulatedBehaviour behaviour() {
        return behaviour;
    }

    @Override
    public DriverType type() {
        return type;
    }

    @Override
    public List<DriverOption> options() {
        return List.of(
                new DriverOption(WITHOUT, "Capabilities the store should lack, with commas between them.", ""),
                new DriverOption(DELAY, "Milliseconds that each step takes longer.", "0"));
    }

    @Override
    public Set<Capability> capabilities() {
        return ALL;
    }

    @Override
    public Availability probe(Path root) {
        Path existing = root;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Files.isWritable(existing)
                ? Availability.available()
                : new Availability.Unavailable(
                        ErrorCode.PERMISSION_DENIED,
                        "'" + existing + "' is not writable for this user; change its owner or mode");
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        List<String> problems = new ArrayList<>();
        names(options)
                .filter(name -> ALL.stream().noneMatch(known -> known.name().equals(name)))
                .forEach(name -> problems.add(WITHOUT + " names '" + name + "', which is not one of " + ALL));
        if (!options.getOrDefault(DELAY, "0").matches("[0-9]{1,6}")) {
            problems.add(DELAY + " is '" + options.get(DELAY) + "', not a number of milliseconds");
        }
        return problems;
    }

    private static Stream<String> names(Map<String, String> options) {
        return Stream.of(options.getOrDefault(WITHOUT, "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty());
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        Set<Capability> capabilities = EnumSet.copyOf(ALL);
        names(options).map(Capability::valueOf).forEach(capabilities::remove);
        if (options.containsKey(DELAY)) {
            behaviour.delayEachStep(Duration.ofMillis(Long.parseLong(options.get(DELAY))));
        }
        SimulatedDisk disk = new SimulatedDisk(layout, behaviour);
        disk.settle();
        return new SimulatedDriver(disk, capabilities);
    }
}
