package io.varve.driver.btrfs;

import io.varve.conformance.MortalDriverProvider;
import io.varve.spi.Driver;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** The btrfs driver, whose process seems to die before or after any of its calls on subvolumes. */
public final class MortalProvider extends MortalDriverProvider {
    public MortalProvider() {
        super(new BtrfsDriverProvider(), false);
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        try {
            return new BtrfsDriver(layout, new Stepping(new IoctlSubvolumes()), true);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private final class Stepping implements Subvolumes {
        private final Subvolumes real;

        Stepping(Subvolumes real) {
            this.real = real;
        }

        @Override
        public void create(Path path) throws IOException {
            step();
            real.create(path);
            step();
        }

        @Override
        public void snapshot(Path source, Path target, Access access) throws IOException {
            step();
            real.snapshot(source, target, access);
            step();
        }

        @Override
        public void delete(Path path) throws IOException {
            step();
            real.delete(path);
            step();
        }

        @Override
        public void makeReadOnly(Path path) throws IOException {
            step();
            real.makeReadOnly(path);
            step();
        }
    }
}
