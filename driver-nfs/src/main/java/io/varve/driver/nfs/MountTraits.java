package io.varve.driver.nfs;

import io.varve.linux.MountTable.Mount;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a mount can do and how it behaves, read from its options as the kernel shows them (nfs(5)). */
record MountTraits(Mount mount) {
    private static final Set<String> TYPES = Set.of("nfs", "nfs4");

    /** How long this host believes at most what it was told of a file, where the mount says nothing else. */
    private static final long ATTRIBUTES_KEPT = 60;

    /** Of a mount that is NFS. */
    static Optional<MountTraits> of(Mount mount) {
        return TYPES.contains(mount.type()) ? Optional.of(new MountTraits(mount)) : Optional.empty();
    }

    /** For example {@code 4.2}. */
    String version() {
        return value("vers").orElse("unknown");
    }

    /** Whether a call to a dead server waits for ever. */
    boolean waitsForEver() {
        return mount.options().contains("hard");
    }

    /** RFC 7862, COPY and CLONE. */
    boolean hasServerCopies() {
        return version().equals("4.2");
    }

    /** RFC 8276, which Linux has with 4.2. */
    boolean carriesAttributes() {
        return version().equals("4.2");
    }

    boolean carriesAccessLists() {
        return version().equals("3") && !mount.options().contains("noacl");
    }

    /** How old what this host knows of a file can be, at most; the longest of what nfs(5) calls actimeo. */
    Duration outdated() {
        if (mount.options().contains("noac")) {
            return Duration.ZERO;
        }
        return Duration.ofSeconds(Math.max(
                seconds("acregmax").orElse(ATTRIBUTES_KEPT), seconds("acdirmax").orElse(ATTRIBUTES_KEPT)));
    }

    private Optional<Long> seconds(String name) {
        return value(name).filter(text -> text.matches("[0-9]{1,9}")).map(Long::valueOf);
    }

    private Optional<String> value(String name) {
        String start = name + "=";
        return mount.options().stream()
                .filter(option -> option.startsWith(start))
                .map(option -> option.substring(start.length()))
                .findFirst();
    }

    /** For people. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("NfsSource", mount.source());
        facts.put("NfsVersion", version());
        facts.put("NfsAttributes", carriesAttributes() ? "user attributes" : "none before version 4.2");
        facts.put("NfsAccessLists", carriesAccessLists() ? "yes" : "none: NFS carries no POSIX lists here");
        facts.put(
                "NfsDeadServer",
                waitsForEver()
                        ? "calls wait for ever ('hard'); mount it with 'softerr' to be told"
                        : "most calls fail after a while");
        return facts;
    }
}
