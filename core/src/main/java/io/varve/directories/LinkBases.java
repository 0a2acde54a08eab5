package io.varve.directories;

import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which snapshots a new one may share files with: one record a snapshot, in the volume's marker directory.
 *
 * <p>Sharing is by hard link, so both snapshots have the very same file. A snapshot that was once a head (an undo
 * point) never gets a record: a process that had a file of it open may still write to it. A lost record costs space
 * and nothing else.
 */
final class LinkBases {
    private static final int OWNER_WRITES = 0600;

    private final DriverFiles files;

    LinkBases(DriverFiles files) {
        this.files = files;
    }

    /** A snapshot, or a tree that will become one, whose files may be shared. */
    record LinkBase(Path tree, Likeness likeness) {}

    private record Candidate(SnapshotLabel label, Instant written) {}

    /** The newest copy of the head; data that came from outside only where there is none. */
    Optional<LinkBase> newest(VolumeName volume) throws IOException {
        for (Candidate candidate : candidates(volume)) {
            Path tree = files.layout().snapshot(volume, candidate.label());
            if (Kernel.exists(tree)) {
                return Optional.of(new LinkBase(tree, Likeness.read(record(volume, candidate.label()))));
            }
        }
        return Optional.empty();
    }

    private List<Candidate> candidates(VolumeName volume) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        try (Directory records = Directory.open(files.marker(volume))) {
            for (RawName name : records.names()) {
                SnapshotLabel label = SnapshotLabel.of(name.toString());
                candidates.add(new Candidate(label, records.stat(name).modified()));
            }
        }
        candidates.sort(Comparator.comparing(Candidate::written).reversed());
        return candidates;
    }

    boolean contains(VolumeName volume, SnapshotLabel label) throws IOException {
        return Kernel.exists(record(volume, label));
    }

    /**
     * Makes this the record of a snapshot, in place of an older one. It need not survive a power cut.
     *
     * @return what a person should know where that failed: the snapshot itself is whole
     */
    Optional<String> keep(VolumeName volume, SnapshotLabel label, Likeness likeness) {
        Path written = DurableFiles.temporary(files.staging().resolve(label.value()));
        try {
            likeness.write(written);
            Files.move(written, record(volume, label), StandardCopyOption.ATOMIC_MOVE);
            return Optional.empty();
        } catch (IOException failure) {
            return Optional.of("later snapshots cannot share files with '" + label + "': " + failure.getMessage());
        }
    }

    /** Records a snapshot whose content did not come from the head. */
    void keepForeign(VolumeName volume, SnapshotLabel label) throws IOException {
        try (Directory records = Directory.open(files.marker(volume))) {
            RawName name = RawName.of(label.value());
            records.openFile(name, OWNER_WRITES, OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.TRUNCATE)
                    .close();
            // Older than every copy of the head.
            records.setModified(name, Instant.EPOCH);
        }
    }

    /** Forgets a snapshot; before it is removed, so that no other one of its name is ever taken for it. */
    void drop(VolumeName volume, SnapshotLabel label) throws IOException {
        Files.deleteIfExists(record(volume, label));
    }

    /** Forgets the snapshots that are not there. */
    void settle(VolumeName volume) throws IOException {
        try (Directory records = Directory.open(files.marker(volume))) {
            for (RawName name : records.names()) {
                if (!Kernel.exists(files.layout().snapshots(volume).resolve(name.toString()))) {
                    records.unlink(name);
                }
            }
        }
    }

    private Path record(VolumeName volume, SnapshotLabel label) {
        return files.marker(volume).resolve(label.value());
    }
}
