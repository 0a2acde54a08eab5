package io.varve.conformance;

import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.registry.OpenStore;
import io.varve.registry.StoreOpener;
import io.varve.spi.DriverProvider;
import io.varve.volume.Operations;
import io.varve.volume.Store;
import io.varve.volume.StoreName;
import io.varve.volume.Surroundings;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The way a store's whereabouts go to another process and it opens the store there. */
final class ChildStore {
    private ChildStore() {}

    /** The class of the provider, the root, the number of options, each option. */
    static List<String> arguments(DriverFixture fixture, Path root) {
        List<String> arguments = new ArrayList<>(List.of(fixture.providerClass(), root.toString()));
        arguments.add(Integer.toString(fixture.options().size()));
        fixture.options().forEach((name, value) -> arguments.add(name + "=" + value));
        return arguments;
    }

    /** What follows {@link #arguments}. */
    static List<String> rest(String[] arguments) {
        List<String> all = List.of(arguments);
        return all.subList(3 + Integer.parseInt(arguments[2]), all.size());
    }

    static Store open(String[] arguments) throws ReflectiveOperationException {
        DriverProvider provider = Class.forName(arguments[0])
                .asSubclass(DriverProvider.class)
                .getDeclaredConstructor()
                .newInstance();
        DriverRegistry registry = new DriverRegistry();
        registry.register(provider, DriverEntry.Source.BUILT_IN);
        OpenStore open = new StoreOpener(registry).open(Path.of(arguments[1]), provider.type(), options(arguments));
        Clock clock = Clock.systemUTC();
        return Store.over(
                StoreName.of("tried"), open, Surroundings.standard(clock, new Operations(clock, event -> {})));
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            String[] option = arguments[3 + i].split("=", 2);
            options.put(option[0], option[1]);
        }
        return options;
    }
}
