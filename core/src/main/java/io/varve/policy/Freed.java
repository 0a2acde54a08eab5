package io.varve.policy;

import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Stores;
import io.varve.volume.Volume;

import java.util.List;
import java.util.OptionalLong;

/** Tells what the removals of a preview give back. Apart from the preview itself, which pruning makes too and must be quick. */
final class Freed {
    private final Stores stores;

    Freed(Stores stores) {
        this.stores = stores;
    }

    Preview tell(Preview preview) {
        List<Preview.OfVolume> told = preview.volumes().stream().map(this::tell).toList();
        return new Preview(preview.policy(), preview.now(), told, preview.token());
    }

    /** A snapshot that went meanwhile, or cannot be read, leaves it untold: a preview is not to fail for a number. */
    private Preview.OfVolume tell(Preview.OfVolume each) {
        try {
            Volume volume = stores.store(each.store()).volume(each.volume());
            return each.freeing(sum(
                    volume,
                    each.plan().remove().stream()
                            .map(gone -> gone.snapshot().label())
                            .toList()));
        } catch (StorageException untold) {
            return each;
        }
    }

    private static OptionalLong sum(Volume volume, List<SnapshotLabel> labels) {
        long sum = 0;
        for (SnapshotLabel label : labels) {
            OptionalLong bytes = volume.exclusiveBytes(label);
            if (bytes.isEmpty()) {
                return bytes;
            }
            sum += bytes.getAsLong();
        }
        return labels.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
    }
}
