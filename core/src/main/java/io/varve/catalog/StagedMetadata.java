package io.varve.catalog;

import io.varve.linux.DurableFiles;
import io.varve.linux.Trees;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Metadata streams of a snapshot that is not there yet. Nothing shows them, and they die with the process. */
public final class StagedMetadata {
    private final Catalog catalog;
    private final Path directory;
    private final MetadataStreams streams;

    StagedMetadata(Catalog catalog, Path staging) {
        this.catalog = catalog;
        this.directory = DurableFiles.temporary(staging.resolve("metadata"));
        this.streams = new MetadataStreams(directory, staging);
    }

    public void write(MetadataName name, InputStream content) throws IOException {
        streams.write(name, content);
    }

    /** Makes them, durably, those of this snapshot; what lies there belonged to nobody. */
    public void place(VolumeName volume, SnapshotLabel label) throws IOException {
        catalog.forgetMetadata(volume, label);
        if (Files.exists(directory)) {
            Path target = catalog.metadataOf(volume, label);
            DurableFiles.makeDirectories(target.resolveSibling(""));
            Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncDirectory(target.resolveSibling(""));
        }
    }

    /** Throws away what was not placed. Idempotent. */
    public void discard() throws IOException {
        Trees.remove(directory);
    }
}
