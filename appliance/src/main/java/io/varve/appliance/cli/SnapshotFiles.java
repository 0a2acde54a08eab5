package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** The files of one snapshot, by paths without a leading slash; the root is the empty path. */
final class SnapshotFiles {
    private final Session session;
    private final ApiPath snapshot;

    SnapshotFiles(Session session, ApiPath snapshot) {
        this.session = session;
        this.snapshot = snapshot;
    }

    /** The path without empty steps and steps to itself; a step up is refused by the appliance. */
    static String normal(String path) {
        return Arrays.stream(path.split("/"))
                .filter(step -> !step.isEmpty() && !step.equals("."))
                .collect(Collectors.joining("/"));
    }

    /** What is at {@code path}, as its directory lists it. */
    SnapshotEntry entry(String path) {
        if (path.isEmpty()) {
            return SnapshotEntry.ROOT;
        }
        int slash = path.lastIndexOf('/');
        String directory = slash < 0 ? "" : path.substring(0, slash);
        String name = path.substring(slash + 1);
        return list(directory).stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> CommandFailure.local("there is no " + path + " in this snapshot"));
    }

    List<SnapshotEntry> list(String directory) {
        List<SnapshotEntry> entries = new ArrayList<>();
        Iterator<JsonNode> items = session.pages(snapshot.then("files").query("path", directory));
        items.forEachRemaining(item -> entries.add(SnapshotEntry.of(item)));
        return entries;
    }

    <T> T read(String file, ApplianceClient.BodyReader<T> reader) {
        return session.client()
                .download(snapshot.then("content").query("path", file), "application/octet-stream", reader);
    }

    static String below(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }
}
