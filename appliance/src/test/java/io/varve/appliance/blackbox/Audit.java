package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares, at rest, what the clients were told with what the API lists, the catalog records and the disk holds. */
final class Audit {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stage stage;
    private final Load load;
    private final Map<Labelled, List<String>> listed = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();

    private Audit(Stage stage, Load load) {
        this.stage = stage;
        this.load = load;
    }

    /** Everything that does not agree. */
    static List<String> of(Stage stage, Load load) {
        Audit audit = new Audit(stage, load);
        load.volumes().forEach(audit::volume);
        audit.wholeStore();
        load.ledgers().forEach(ledger -> audit.findings.addAll(ledger.settle(audit.listed)));
        audit.nothingUnknown();
        audit.contention();
        return audit.findings;
    }

    private void volume(String volume) {
        Reply reply = stage.api()
                .get("/api/v1/stores/default/volumes/" + volume + "/snapshots")
                .expect(200);
        Map<String, List<String>> tags = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode snapshot : reply.json().path("items")) {
            String label = snapshot.path("label").asText();
            check(snapshot.path("valid").asBoolean(), volume + "_" + label + " is invalid");
            tags.put(label, texts(snapshot.path("tags")));
            tags.get(label).forEach(tag -> check(seen.add(tag), volume + " has tag " + tag + " twice"));
            listed.put(new Labelled(volume, label), tags.get(label));
        }
        catalog(volume, tags);
        disk(volume, tags.keySet());
    }

    private void catalog(String volume, Map<String, List<String>> tags) {
        Path records = Roots.records(stage.root(), stage.driver(), volume);
        SortedSet<String> files = new TreeSet<>();
        tags.keySet().forEach(label -> files.add(label + ".json"));
        check(Roots.names(records).equals(files), "records of " + volume + ": " + differ(Roots.names(records), files));
        tags.forEach((label, shown) -> {
            List<String> recorded = recordedTags(records.resolve(label + ".json"));
            check(recorded.equals(shown), volume + "_" + label + " shows tags " + shown + ", its record " + recorded);
        });
    }

    private List<String> recordedTags(Path file) {
        try {
            return texts(JSON.readTree(Files.readAllBytes(file)).path("tags"));
        } catch (IOException missing) {
            return List.of("no readable record: " + missing);
        }
    }

    private void disk(String volume, Set<String> labels) {
        Path trees = Roots.trees(stage.root(), stage.driver(), volume);
        check(
                Roots.names(trees).equals(new TreeSet<>(labels)),
                "trees of " + volume + ": " + differ(Roots.names(trees), new TreeSet<>(labels)));
        for (String label : labels) {
            check(Roots.names(trees.resolve(label)).equals(Set.of("file")), volume + "_" + label + " is not whole");
        }
        check(Roots.names(stage.root().resolve(volume)).equals(Set.of("file")), "something strange is in " + volume);
    }

    private void wholeStore() {
        List<String> unfinished = Roots.unfinished(stage.root(), stage.driver());
        check(unfinished.isEmpty(), "half-made: " + unfinished);
        SortedSet<String> expected = new TreeSet<>(load.volumes());
        expected.add("." + stage.driver());
        check(Roots.names(stage.root()).equals(expected), "in the root: " + Roots.names(stage.root()));
        switch (stage.driver()) {
            case "btrfs" -> subvolumes();
            case "rsync" -> marks();
            default -> throw new IllegalStateException(stage.driver());
        }
    }

    /** Every volume is marked as one and nothing else is, and a mark knows no snapshot that is not there. */
    private void marks() {
        Path marks = Roots.marks(stage.root());
        SortedSet<String> volumes = new TreeSet<>(load.volumes());
        check(Roots.names(marks).equals(volumes), "marks of volumes: " + differ(Roots.names(marks), volumes));
        for (String volume : volumes) {
            for (String label : Roots.names(marks.resolve(volume))) {
                check(
                        listed.containsKey(new Labelled(volume, label)),
                        "the mark of " + volume + " knows a snapshot " + label + " that is not there");
            }
        }
    }

    private void subvolumes() {
        String found =
                Programs.run("btrfs", "subvolume", "list", stage.image().path().toString());
        int expected = listed.size() + load.volumes().size();
        long count = found.lines().count();
        check(count == expected, "btrfs counts " + count + " subvolumes, not " + expected);
    }

    /** Nothing is there that no client made. */
    private void nothingUnknown() {
        for (Labelled key : listed.keySet()) {
            boolean known =
                    load.contention().knows(key) || load.ledgers().stream().anyMatch(ledger -> ledger.knows(key));
            check(known, key + " is there and nobody made it");
        }
    }

    private void contention() {
        load.contention().wins().forEach((key, wins) -> {
            check(wins.get() == 1, key + " was won " + wins + " times");
            check(listed.containsKey(key), key + " was acknowledged and is lost");
        });
        load.contention().carried().forEach((tag, count) -> {
            long carriers = listed.entrySet().stream()
                    .filter(snapshot -> snapshot.getKey().volume().equals(tag.volume())
                            && snapshot.getValue().contains(tag.label()))
                    .count();
            check(carriers == count, "tag " + tag + " is carried " + carriers + " times, by the answers " + count);
        });
    }

    private void check(boolean good, String finding) {
        if (!good) {
            findings.add(finding);
        }
    }

    private static String differ(Set<String> found, Set<String> expected) {
        Set<String> more = new TreeSet<>(found);
        more.removeAll(expected);
        Set<String> less = new TreeSet<>(expected);
        less.removeAll(found);
        return "too many " + more + ", missing " + less;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
