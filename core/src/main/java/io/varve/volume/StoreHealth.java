package io.varve.volume;

import io.varve.linux.FilesystemSpace;
import io.varve.linux.Kernel;
import io.varve.registry.OpenStore;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.util.Optional;

/**
 * Whether a store can be worked with.
 *
 * @param problem why not, for people; empty where it can
 */
public record StoreHealth(Optional<String> problem) {
    /** Within seconds, also where a server is behind the root. */
    static StoreHealth of(OpenStore open, Optional<RemoteRoot> remote) {
        return remote.map(RemoteRoot::look).orElseGet(() -> of(open));
    }

    /** Takes as long as the root takes to answer. */
    static StoreHealth of(OpenStore open) {
        StoreLayout layout = open.layout();
        Optional<String> absence = open.absence();
        if (absence.isPresent()) {
            return new StoreHealth(absence);
        }
        try {
            if (!Kernel.exists(layout.flagFile())) {
                return bad("the flag file '" + layout.flagFile() + "' is gone");
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

    /** The root is well again, but what failed with it is not settled yet. */
    StoreHealth unsettled() {
        return good()
                ? bad(
                        "work failed together with the root and may be half done; the root is well again, and the store is"
                                + " opened anew to settle that as soon as nothing runs in it")
                : this;
    }

    public boolean good() {
        return problem.isEmpty();
    }
}
