package io.varve.policy;

import io.varve.retention.Candidate;
import io.varve.retention.Policy;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;

import java.util.List;

/** Which policies say what becomes of a snapshot. Where two do, what one keeps the other would remove. */
final class Claims {
    private Claims() {}

    /**
     * Refuses a policy that takes in what it did not make, where that is another one's business.
     *
     * @throws StorageException {@code POLICY_CONFLICT}
     */
    static void requireSole(Policy policy, List<Policy> all, Volume volume, List<Candidate> snapshots) {
        if (policy.unmatched() != Policy.Unmatched.INCLUDE) {
            return;
        }
        List<String> rivals = all.stream()
                .filter(other -> !other.name().equals(policy.name()))
                .filter(other -> other.match()
                        .governs(volume.store().value(), volume.name().value()))
                .filter(other -> claims(other, snapshots))
                .map(Policy::name)
                .toList();
        if (!rivals.isEmpty()) {
            throw new StorageException(
                            ErrorCode.POLICY_CONFLICT,
                            "policy '" + policy.name() + "' (unmatched: include) claims snapshots of volume '"
                                    + volume.name() + "' that " + String.join(", ", rivals)
                                    + " claims too; nothing is removed there. Let only one of them govern the volume, or"
                                    + " leave unmatched out")
                    .with("policy", policy.name())
                    .with("volume", volume.name());
        }
    }

    private static boolean claims(Policy policy, List<Candidate> snapshots) {
        return policy.unmatched() == Policy.Unmatched.INCLUDE
                || snapshots.stream()
                        .anyMatch(snapshot -> snapshot.kind() == Candidate.Kind.POLICY
                                && snapshot.policy()
                                        .filter(policy.name()::equals)
                                        .isPresent());
    }
}
