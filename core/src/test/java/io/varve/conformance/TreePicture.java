package io.varve.conformance;

import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that can be observed of a directory tree, by raw path; the root's path is empty. Two trees are the same to
 * every program where their pictures are equal.
 *
 * <p>Compare with {@code assertThat(copy.differencesFrom(original)).isEmpty()}, which tells what differs.
 */
public final class TreePicture {
    /** One observable side of a file. */
    public enum Aspect {
        KIND,
        MODE,
        OWNER,
        MODIFIED,
        LINK_TEXT,
        DEVICE,
        SIZE,
        /** SHA-256 of the content, holes read as zeros. */
        DIGEST,
        /** The first path, in order, of the files that are the same one. */
        HARD_LINKS,
        /** All extended attributes, ACLs among them. */
        ATTRIBUTES,
        /** Where data lies, as the filesystem tells; only in {@link #withHoles}. */
        HOLES
    }

    private final SortedMap<RawName, Map<Aspect, String>> entries;

    private TreePicture(SortedMap<RawName, Map<Aspect, String>> entries) {
        this.entries = entries;
    }

    /** Looks at everything but the places of holes, which differ between filesystems. */
    public static TreePicture of(Path tree) throws IOException {
        return new TreePicture(TreeObserver.observe(tree)).without(Aspect.HOLES);
    }

    /** Looks at the places of holes too. */
    public static TreePicture withHoles(Path tree) throws IOException {
        return new TreePicture(TreeObserver.observe(tree));
    }

    /** The picture for somebody who cannot see some aspects, for example without root. */
    public TreePicture without(Aspect... blind) {
        return mapped(path -> true, Set.of(blind));
    }

    /** The picture without one path and what is below it. */
    public TreePicture withoutPath(String path) {
        String below = path + "/";
        return mapped(at -> !at.toString().equals(path) && !at.toString().startsWith(below), Set.of());
    }

    private TreePicture mapped(java.util.function.Predicate<RawName> wanted, Set<Aspect> blind) {
        SortedMap<RawName, Map<Aspect, String>> kept = new TreeMap<>();
        entries.forEach((path, aspects) -> {
            if (wanted.test(path)) {
                Map<Aspect, String> seen = new EnumMap<>(aspects);
                seen.keySet().removeAll(blind);
                kept.put(path, seen);
            }
        });
        return new TreePicture(kept);
    }

    /** How many entries there are, the root included. */
    public int size() {
        return entries.size();
    }

    /** One line for each path and aspect that is not as in {@code expected}; empty where the trees are the same. */
    public List<String> differencesFrom(TreePicture expected) {
        Set<RawName> paths = new TreeSet<>(expected.entries.keySet());
        paths.addAll(entries.keySet());
        List<String> differences = new ArrayList<>();
        for (RawName path : paths) {
            if (!entries.containsKey(path)) {
                differences.add(shown(path) + " is missing");
            } else if (!expected.entries.containsKey(path)) {
                differences.add(shown(path) + " should not be there");
            } else {
                compare(path, expected, differences);
            }
        }
        return differences;
    }

    private void compare(RawName path, TreePicture expected, List<String> differences) {
        for (Aspect aspect : Aspect.values()) {
            String is = aspect(path, aspect);
            String should = expected.aspect(path, aspect);
            if (!is.equals(should)) {
                differences.add(shown(path) + " " + aspect + " is " + is + ", should be " + should);
            }
        }
    }

    private String aspect(RawName path, Aspect aspect) {
        return entries.getOrDefault(path, Map.of()).getOrDefault(aspect, "nothing");
    }

    private static String shown(RawName path) {
        return "'" + path.toString().replaceAll("[\\p{C}\uFFFD]", "?") + "'";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TreePicture picture && entries.equals(picture.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        entries.forEach((path, aspects) ->
                text.append(shown(path)).append(' ').append(aspects).append('\n'));
        return text.toString();
    }
}
