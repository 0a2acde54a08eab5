package io.varve.appliance.blackbox;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What all clients of a load fight for: labels that only one may win, and tags that wander between pillars. */
final class Contention {
    private final Map<Labelled, AtomicInteger> wins = new ConcurrentHashMap<>();
    private final Set<Labelled> open = ConcurrentHashMap.newKeySet();
    private final Map<Labelled, AtomicInteger> carried = new ConcurrentHashMap<>();
    private final Set<Labelled> unsure = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();

    /** The label that clients race for now; every few calls a new one. */
    String label() {
        return "race-" + turn.getAndIncrement() / 6;
    }

    void won(Labelled label) {
        wins.computeIfAbsent(label, absent -> new AtomicInteger()).incrementAndGet();
    }

    /** An answer never came. */
    void leftOpen(Labelled label) {
        open.add(label);
    }

    Map<Labelled, AtomicInteger> wins() {
        return wins;
    }

    boolean isOpen(Labelled label) {
        return open.contains(label);
    }

    boolean knows(Labelled label) {
        return wins.containsKey(label) || open.contains(label);
    }

    /** A tag was given to (+1) or taken from (-1) some pillar of a volume. */
    void moved(String volume, String tag, int by) {
        carried.computeIfAbsent(new Labelled(volume, tag), absent -> new AtomicInteger())
                .addAndGet(by);
    }

    void leftOpen(String volume, String tag) {
        unsure.add(new Labelled(volume, tag));
    }

    /** How often each tag was given more than it was taken away, where every answer came. */
    Map<Labelled, Integer> carried() {
        Map<Labelled, Integer> sure = new ConcurrentHashMap<>();
        carried.forEach((tag, count) -> {
            if (!unsure.contains(tag)) {
                sure.put(tag, count.get());
            }
        });
        return sure;
    }
}
