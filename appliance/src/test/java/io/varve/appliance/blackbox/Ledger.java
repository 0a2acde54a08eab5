package io.varve.appliance.blackbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one client was told of the things it alone makes and removes, and so what must be there. One thread at a time. */
final class Ledger {
    /** What is known of one thing: an answer that never came leaves it open. */
    enum Truth {
        YES,
        NO,
        MAYBE
    }

    private static final class Entry {
        Truth there = Truth.MAYBE;
        final Map<String, Truth> tags = new TreeMap<>();
    }

    private final Map<Labelled, Entry> entries = new TreeMap<>();

    void note(Labelled key, Truth there) {
        entries.computeIfAbsent(key, absent -> new Entry()).there = there;
    }

    void note(Labelled key, String tag, Truth carried) {
        entries.computeIfAbsent(key, absent -> new Entry()).tags.put(tag, carried);
    }

    /** The snapshots that are surely there. */
    List<Labelled> present() {
        List<Labelled> present = new ArrayList<>();
        entries.forEach((key, entry) -> {
            if (entry.there == Truth.YES) {
                present.add(key);
            }
        });
        return present;
    }

    /** The tags that a snapshot surely carries. */
    List<String> tags(Labelled key) {
        List<String> carried = new ArrayList<>();
        Entry entry = entries.get(key);
        if (entry != null) {
            entry.tags.forEach((tag, truth) -> {
                if (truth == Truth.YES) {
                    carried.add(tag);
                }
            });
        }
        return carried;
    }

    boolean knows(Labelled key) {
        return entries.containsKey(key);
    }

    /**
     * Compares with what is there, and takes that over where an answer never came.
     *
     * @param found tags by snapshot
     * @return what contradicts an answer that came
     */
    List<String> settle(Map<Labelled, List<String>> found) {
        List<String> contradictions = new ArrayList<>();
        entries.forEach((key, entry) -> settle(key, entry, found, contradictions));
        entries.values().removeIf(entry -> entry.there == Truth.NO);
        return contradictions;
    }

    private static void settle(
            Labelled key, Entry entry, Map<Labelled, List<String>> found, List<String> contradictions) {
        List<String> tags = found.get(key);
        if (contradicts(entry.there, tags != null)) {
            contradictions.add(key + (tags == null ? " was acknowledged and is lost" : " was removed and is there"));
        }
        entry.there = tags == null ? Truth.NO : Truth.YES;
        for (Map.Entry<String, Truth> tag : entry.tags.entrySet()) {
            boolean carried = tags != null && tags.contains(tag.getKey());
            if (tags != null && contradicts(tag.getValue(), carried)) {
                contradictions.add(
                        key + " and its tag " + tag.getKey() + ": told " + tag.getValue() + ", found " + carried);
            }
            tag.setValue(carried ? Truth.YES : Truth.NO);
        }
    }

    private static boolean contradicts(Truth told, boolean found) {
        return told == (found ? Truth.NO : Truth.YES);
    }
}
