package io.varve.archive;

import io.varve.spi.DriverType;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A snapshot as an export takes it.
 *
 * @param deviceBytes the size of the volume's device, 0 where it has none
 * @param tree the snapshot's read-only tree, exposed for as long as the export runs
 * @param created when the snapshot was taken: the time on the members that are not of the tree
 * @param metadata the named metadata, the snapshot's record ({@link #RECORD}) among it; names are unique
 */
public record ArchiveSource(
        VolumeName volume,
        SnapshotLabel label,
        DriverType driver,
        long deviceBytes,
        Path tree,
        Instant created,
        List<MetadataStream> metadata,
        Exclusions exclusions) {
    /** The name under which the snapshot's record travels, as JSON, among the metadata. */
    public static final String RECORD = ".SNAPSHOTINFO";

    public ArchiveSource {
        metadata = List.copyOf(metadata);
    }
}
