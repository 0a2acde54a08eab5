package io.varve.policy;

import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;

import java.util.List;
import java.util.Optional;

/** What a policy did. */
public record RunReport(String policy, List<OfVolume> volumes) {
    private static final int NAMED = 5;

    public RunReport {
        volumes = List.copyOf(volumes);
    }

    /**
     * What it did on one volume.
     *
     * @param taken the snapshot it took
     * @param unchanged the newest snapshot, where none was taken because nothing changed since
     * @param removed what it removed, with the reasons
     * @param failures what went wrong; the other volumes are not concerned
     */
    public record OfVolume(
            StoreName store,
            VolumeName volume,
            Optional<SnapshotLabel> taken,
            Optional<SnapshotLabel> unchanged,
            List<Removed> removed,
            List<Failure> failures) {
        public OfVolume {
            removed = List.copyOf(removed);
            failures = List.copyOf(failures);
        }
    }

    /** A removed snapshot and why it went. */
    public record Removed(SnapshotLabel label, String reason) {}

    /** A step that failed. */
    public record Failure(String step, ErrorCode code, String detail) {
        static Failure of(String step, StorageException failure) {
            return new Failure(step, failure.code(), String.valueOf(failure.getMessage()));
        }
    }

    public boolean succeeded() {
        return volumes.stream().allMatch(volume -> volume.failures().isEmpty());
    }

    /** What was done, in one sentence without a stop. */
    String summary() {
        List<String> taken = volumes.stream()
                .flatMap(each -> each.taken().stream().map(label -> each.store() + "/" + label.fullName(each.volume())))
                .toList();
        int removed = volumes.stream().mapToInt(each -> each.removed().size()).sum();
        String first = String.join(", ", taken.subList(0, Math.min(NAMED, taken.size())));
        String more = taken.size() > NAMED ? " and " + (taken.size() - NAMED) + " more" : "";
        return taken.size() + " snapshots were taken" + (taken.isEmpty() ? "" : " (" + first + more + ")") + ", "
                + removed + " removed elsewhere";
    }
}
