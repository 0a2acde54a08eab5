package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** A volume as people write it: {@code [STORE/]VOLUME}. */
record VolumeReference(String store, String name) {
    static final String DEFAULT_STORE = "default";

    /** @throws IllegalArgumentException where it is not of that form */
    static VolumeReference parse(String text) {
        int slash = text.indexOf('/');
        String store = slash < 0 ? DEFAULT_STORE : text.substring(0, slash);
        String name = text.substring(slash + 1);
        if (store.isEmpty() || name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is not of the form [STORE/]VOLUME");
        }
        return new VolumeReference(store, name);
    }

    /** The volume an item of the appliance's lists names in {@code store} and {@code nameField}. */
    static VolumeReference of(JsonNode item, String nameField) {
        String store = Json.text(item, "store");
        return new VolumeReference(store.isEmpty() ? DEFAULT_STORE : store, Json.text(item, nameField));
    }

    ApiPath path() {
        return ApiPath.of("stores", store, "volumes", name);
    }

    ApiPath snapshot(String label) {
        return path().then("snapshots", label);
    }

    /** As short as it can be written and be read again. */
    @Override
    public String toString() {
        return store.equals(DEFAULT_STORE) ? name : store + "/" + name;
    }
}
