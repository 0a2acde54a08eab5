package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;

/** The items of a list, its pages fetched one after the other as they are asked for. */
final class Pages implements Iterator<JsonNode> {
    private final ApplianceClient client;
    private final ApiPath path;
    private final Set<String> fetched = new HashSet<>();
    private Iterator<JsonNode> page = Collections.emptyIterator();
    private String next = "";
    private boolean started;

    Pages(ApplianceClient client, ApiPath path) {
        this.client = client;
        this.path = path;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && (!started || !next.isEmpty())) {
            fetch(started ? path.query("page", next) : path);
        }
        return page.hasNext();
    }

    @Override
    public JsonNode next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }

    private void fetch(ApiPath pagePath) {
        started = true;
        Answer answer = client.get(pagePath);
        JsonNode document = answer.json();
        JsonNode items = document.isArray() ? document : document.path("items");
        if (!items.isArray()) {
            throw answer.unreadable("has no items");
        }
        page = items.iterator();
        next = Json.text(document, "next");
        if (!next.isEmpty() && !fetched.add(next)) {
            throw answer.unreadable("names a next page that was there before");
        }
    }
}
