package io.varve.archive;

import io.varve.linux.RawName;

import java.util.ArrayList;
import java.util.List;

/** What could not be kept: all are counted, the first hundred remembered. */
final class Warnings {
    private static final int REMEMBERED = 100;

    private final List<String> texts = new ArrayList<>();
    private long count;

    void add(RawName name, String what) {
        count++;
        if (texts.size() < REMEMBERED) {
            texts.add("'" + Printable.name(name) + "': " + what);
        }
    }

    ArchiveResult result(long entries, long bytes) {
        return new ArchiveResult(entries, bytes, count, texts);
    }

    List<String> texts() {
        return List.copyOf(texts);
    }
}
