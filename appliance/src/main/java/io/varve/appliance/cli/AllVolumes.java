package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The volumes of several stores, one store after the other. */
final class AllVolumes implements Iterator<JsonNode> {
    private final Session session;
    private final Iterator<String> stores;
    private Iterator<JsonNode> volumes = Collections.emptyIterator();

    AllVolumes(Session session, List<String> stores) {
        this.session = session;
        this.stores = List.copyOf(stores).iterator();
    }

    @Override
    public boolean hasNext() {
        while (!volumes.hasNext() && stores.hasNext()) {
            volumes = session.pages(VolumeCommands.volumes(stores.next()));
        }
        return volumes.hasNext();
    }

    @Override
    public JsonNode next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return volumes.next();
    }
}
