package io.varve.policy;

import io.varve.retention.Policy;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;
import io.varve.volume.UndoLifetime;

import java.time.Instant;
import java.util.Comparator;

/**
 * An undo point lives as long as the longest {@code undoFor} of the policies that govern its volume; where none does, as
 * long as undo points live by default.
 */
public final class PolicyUndoLifetime implements UndoLifetime {
    private final PolicyBook book;

    public PolicyUndoLifetime(PolicyBook book) {
        this.book = book;
    }

    @Override
    public Instant end(StoreName store, VolumeName volume, Instant start) {
        return book.all().stream()
                .filter(policy -> policy.match().governs(store.value(), volume.value()))
                .map(policy -> end(policy, start))
                .max(Comparator.naturalOrder())
                .orElseGet(() -> start.plus(STANDARD));
    }

    private static Instant end(Policy policy, Instant start) {
        return policy.undoFor().after(start, policy.zone());
    }
}
