package io.varve.volume;

import io.varve.linux.FilesystemSpace;
import io.varve.linux.Kernel;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.util.Optional;

/**
 * Whether a store can be worked with.
 *
 * @param problem why not, for people; empty where it can
 */
public record StoreHealth(Optional<String> problem) {
    static StoreHealth of(StoreLayout layout) {
        try {
            if (!Kernel.exists(layout.flagFile())) {
                return bad("the root '" + layout.root() + "' is gone or not mounted");
            }
            FilesystemSpace space = Kernel.space(layout.root());
            return space.readOnly()
                    ? bad("the filesystem of '" + layout.root() + "' is read-only")
                    : new StoreHealth(Optional.empty());
        } catch (IOException failure) {
            return bad("the root '" + layout.root() + "' cannot be looked at: " + failure.getMessage());
        }
    }

    private static StoreHealth bad(String problem) {
        return new StoreHealth(Optional.of(problem));
    }

    public boolean good() {
        return problem.isEmpty();
    }
}
