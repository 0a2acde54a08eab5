package io.varve.archive;

import java.util.List;
import java.util.Map;

/**
 * What an archive holds and what is wrong with it, as far as it could be read.
 *
 * @param snapshot the full name the snapshot had; empty where the archive does not get as far as telling
 * @param driver the type of the driver it came from, or empty
 * @param deviceBytes the size of the volume's device, 0 where the archive tells of none
 * @param metadata the names of the metadata
 * @param members how many members of the tree there are of each kind, such as {@code regular} or {@code hard-link}
 * @param dataBytes the sum of the sizes of all regular files, holes included
 * @param bytes of the stream that were read
 * @param findingCount how many findings there are, each a reason for an import to refuse the archive
 * @param findings the first thousand of them
 * @param warnings what no import could keep
 */
public record Inspection(
        String snapshot,
        String driver,
        long deviceBytes,
        List<String> metadata,
        Map<String, Long> members,
        long dataBytes,
        long bytes,
        long findingCount,
        List<Finding> findings,
        List<String> warnings) {

    /**
     * One reason to refuse the archive.
     *
     * @param member the name of the member concerned, or empty
     */
    public record Finding(String member, String text) {}

    public Inspection {
        metadata = List.copyOf(metadata);
        members = Map.copyOf(members);
        findings = List.copyOf(findings);
        warnings = List.copyOf(warnings);
    }

    /** Whether an import would take the archive. */
    public boolean isSound() {
        return findingCount == 0;
    }
}
