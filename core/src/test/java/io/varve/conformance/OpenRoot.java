package io.varve.conformance;

import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.registry.OpenStore;
import io.varve.registry.Roots;
import io.varve.registry.StoreOpener;
import io.varve.spi.Driver;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;

/** A root of the fixture's driver, opened as the appliance opens it, with a driver that can be made to fail. */
final class OpenRoot implements AutoCloseable {
    private final DriverFixture fixture;
    private final StoreLayout layout;
    private final Faults faults = new Faults();
    private final StoreOpener opener;
    private OpenStore open;

    OpenRoot(DriverFixture fixture, Path root) {
        this.fixture = fixture;
        FaultyProvider provider = new FaultyProvider(fixture.provider(), faults);
        DriverRegistry registry = new DriverRegistry();
        registry.register(provider, DriverEntry.Source.BUILT_IN);
        this.opener = new StoreOpener(registry);
        this.layout = new StoreLayout(Roots.canonical(root), provider.type());
        this.open = opener.open(layout.root(), layout.type(), fixture.options());
    }

    DriverFixture fixture() {
        return fixture;
    }

    StoreLayout layout() {
        return layout;
    }

    Faults faults() {
        return faults;
    }

    OpenStore open() {
        return open;
    }

    /** The driver itself, without faults. */
    Driver driver() {
        return ((FaultyDriver) open.driver()).real();
    }

    /** Lets go of the root and takes it again, as the next process does. */
    OpenStore reopen() {
        return reopen(() -> {});
    }

    /** Lets go of the root, does something to it, and takes it again. */
    OpenStore reopen(Unchecked.Action meanwhile) {
        faults.forgetAll();
        open.close();
        Unchecked.run(meanwhile);
        open = opener.open(layout.root(), layout.type(), fixture.options());
        return open;
    }

    /** One more opening of the same root, which must be refused while it is open. */
    void openAgain() {
        opener.open(layout.root(), layout.type(), fixture.options()).close();
    }

    @Override
    public void close() {
        faults.forgetAll();
        open.close();
    }
}
