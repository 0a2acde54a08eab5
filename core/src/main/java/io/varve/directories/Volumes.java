package io.varve.directories;

import io.varve.linux.Kernel;
import io.varve.linux.Mounts;
import io.varve.linux.Trees;
import io.varve.linux.WatchedDirectory;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Which directories of the root are volumes: those with a marker. Without it, somebody else's directory would be taken
 * for a volume, shown, copied and, on request, removed.
 */
final class Volumes {
    private final DriverFiles files;
    private final TreeMoves moves;
    private final LinkBases bases;
    private final WatchedDirectory roots;
    private final WatchedDirectory markers;

    Volumes(DriverFiles files, TreeMoves moves, LinkBases bases) {
        this.files = files;
        this.moves = moves;
        this.bases = bases;
        this.roots = new WatchedDirectory(files.layout().root());
        this.markers = new WatchedDirectory(files.markers());
    }

    List<VolumeName> names() throws IOException {
        Set<String> present = roots.names();
        return markers.names().stream()
                .filter(present::contains)
                .map(VolumeName::of)
                .toList();
    }

    /** Takes the head away; a directory without a marker stays. Idempotent. */
    void discard(VolumeName volume) throws IOException {
        if (Kernel.exists(files.marker(volume))) {
            if (files.isVolume(volume)) {
                Mounts.requireNoneWithin(files.layout().volume(volume), "cannot remove volume '" + volume + "'");
                moves.discard(files.layout().volume(volume));
            }
            moves.discard(files.imports(volume));
            forget(volume);
        }
    }

    private void forget(VolumeName volume) throws IOException {
        Trees.remove(files.marker(volume));
        moves.sync(files.markers());
    }

    /**
     * Completes removals that a process that died had begun.
     *
     * @param snapshots the volumes' snapshots
     */
    void settle(Snapshots snapshots) throws IOException {
        for (String name : markers.names()) {
            VolumeName volume = VolumeName.of(name);
            bases.settle(volume);
            // Where there are snapshots, the head was moved away by hand, and comes back as it was.
            if (!files.isVolume(volume) && snapshots.labels(volume).isEmpty()) {
                forget(volume);
            }
        }
    }

    /** Makes the next listing read the disk; for the writer, whose change may fall into one tick of the file clock. */
    void changed() {
        roots.forget();
        markers.forget();
    }
}
