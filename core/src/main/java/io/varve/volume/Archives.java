package io.varve.volume;

import io.varve.archive.ArchiveExport;
import io.varve.archive.ArchiveHead;
import io.varve.archive.ArchiveImport;
import io.varve.archive.ArchiveLimits;
import io.varve.archive.ArchiveResult;
import io.varve.archive.ArchiveSource;
import io.varve.archive.ArchiveTarget;
import io.varve.archive.Exclusions;
import io.varve.archive.MetadataStream;
import io.varve.catalog.MetadataName;
import io.varve.catalog.MetadataStreams;
import io.varve.catalog.RecordFormat;
import io.varve.catalog.SnapshotKind;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.StagedMetadata;
import io.varve.catalog.Tag;
import io.varve.journal.Step;
import io.varve.spi.Capability;
import io.varve.spi.SnapshotBuilder;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Snapshots out of a volume as archives, and archives into it as snapshots. */
final class Archives {
    private final VolumeParts volume;
    private final SnapshotTaker taker;

    Archives(VolumeParts volume, SnapshotTaker taker) {
        this.volume = volume;
        this.taker = taker;
    }

    ArchiveResult export(SnapshotLabel label, Exclusions exclusions, OutputStream target, Operation operation) {
        SnapshotRecord record = volume.requireValid(label).record();
        Path tree = volume.store.driver().expose(volume.name, Optional.of(label));
        ArchiveSource source = new ArchiveSource(
                volume.name,
                label,
                volume.store.layout().type(),
                0,
                tree,
                record.created(),
                metadata(record),
                exclusions);
        return ArchiveExport.write(source, target, operation);
    }

    private List<MetadataStream> metadata(SnapshotRecord record) {
        MetadataStreams kept = volume.store.catalog().metadata(volume.name, record.label());
        List<MetadataStream> streams = new ArrayList<>();
        streams.add(MetadataStream.of(ArchiveSource.RECORD, RecordFormat.write(record)));
        try {
            for (Map.Entry<String, Long> each : kept.sizes().entrySet()) {
                streams.add(new KeptMetadata(kept, MetadataName.of(each.getKey()), each.getValue()));
            }
        } catch (IOException failure) {
            throw volume.failed("cannot list the metadata of snapshot '" + record.label() + "'", failure);
        }
        return streams;
    }

    private record KeptMetadata(MetadataStreams kept, MetadataName metadata, long size) implements MetadataStream {
        @Override
        public String name() {
            return metadata.value();
        }

        @Override
        public InputStream open() throws IOException {
            return kept.read(metadata)
                    .orElseThrow(() -> new IOException("metadata '" + metadata + "' was removed meanwhile"));
        }
    }

    Snapshot importFrom(SnapshotLabel label, InputStream source, Operation operation) {
        SnapshotBuilder builder =
                Capabilities.require(volume.store, Capability.IMPORT, SnapshotBuilder.class, "import snapshots");
        taker.reserve(Optional.of(label), "", volume.store.now(), List.of());
        return taker.orCancel(label, () -> build(builder, label, source, operation));
    }

    /** The volume's lock is held at the beginning and at the end alone: a long import delays nobody. */
    private Snapshot build(SnapshotBuilder builder, SnapshotLabel label, InputStream source, Operation operation) {
        Incoming incoming = new Incoming(builder, label, operation);
        try {
            ArchiveResult result = ArchiveImport.read(source, incoming, ArchiveLimits.generous(), operation);
            return volume.lock.during(operation, () -> {
                volume.requireThere();
                return incoming.commit(result.warnings());
            });
        } catch (RuntimeException failure) {
            discard(incoming, failure);
            throw failure;
        }
    }

    /** Before the label is given back: whoever gets it next finds nothing of this one, and loses nothing to it. */
    private void discard(Incoming incoming, Exception failure) {
        try {
            volume.lock.afterOthers(incoming.operation, incoming::discard);
        } catch (StorageException second) {
            failure.addSuppressed(second);
        }
    }

    /**
     * What arrives: the tree goes to the driver's place, metadata wait beside the catalog, the old record is read. Nothing
     * of it is the snapshot's before the journal has its record.
     */
    private final class Incoming implements ArchiveTarget {
        private static final int MAX_RECORD = 1 << 20;

        private final SnapshotBuilder builder;
        private final SnapshotLabel label;
        private final Operation operation;
        private final StagedMetadata metadata = volume.store.catalog().stageMetadata();
        private final List<String> remarks = new ArrayList<>();
        private Optional<SnapshotRecord> original = Optional.empty();

        Incoming(SnapshotBuilder builder, SnapshotLabel label, Operation operation) {
            this.builder = builder;
            this.label = label;
            this.operation = operation;
        }

        @Override
        public Path begin(ArchiveHead head) {
            return volume.lock.during(operation, () -> {
                volume.requireThere();
                return builder.begin(volume.name, label, 0);
            });
        }

        @Override
        public void metadata(String name, InputStream content) throws IOException {
            if (name.equals(ArchiveSource.RECORD)) {
                original = read(content.readNBytes(MAX_RECORD + 1));
            } else {
                metadata.write(MetadataName.of(name), content);
            }
        }

        /** A record of the origin's own form, or a damaged one, costs message and tags, not the data. */
        private Optional<SnapshotRecord> read(byte[] record) {
            try {
                return Optional.of(RecordFormat.readSnapshot(record));
            } catch (IOException foreign) {
                remarks.add("the archive's record of the snapshot cannot be used, so its message, tags and time of"
                        + " creation are lost: "
                        + (record.length > MAX_RECORD ? "it is larger than 1 MiB" : foreign.getMessage()));
                return Optional.empty();
            }
        }

        Snapshot commit(List<String> warnings) {
            remarks.addAll(warnings);
            SnapshotRecord record = record();
            return taker.make(record, Step.IMPORT_SNAPSHOT, made -> {
                place(made);
                return new SnapshotOutcome(List.of());
            });
        }

        private void place(SnapshotLabel made) throws IOException {
            try {
                metadata.place(volume.name, made);
                builder.commit(volume.name, made);
            } catch (IOException | RuntimeException failure) {
                if (!volume.onDisk().contains(made)) {
                    volume.store.catalog().forgetMetadata(volume.name, made);
                }
                throw failure;
            }
        }

        /** A volume that was removed meanwhile took the half-made tree along. */
        boolean discard() {
            try {
                metadata.discard();
                boolean half = !volume.isRemoved() && !volume.onDisk().contains(label);
                if (half) {
                    builder.abandon(volume.name, label);
                }
                return half;
            } catch (IOException failure) {
                throw volume.failed("cannot throw away the import of snapshot '" + label + "'", failure);
            }
        }

        private List<Tag> claim(List<Tag> wanted) {
            synchronized (volume.index()) {
                volume.settleRecords();
                return volume.index().claim(label, wanted);
            }
        }

        /** The snapshot keeps its time, message and those of its tags that are free here. */
        private SnapshotRecord record() {
            List<Tag> tags = claim(original.map(SnapshotRecord::tags).orElse(List.of()));
            return new SnapshotRecord(
                    volume.name,
                    label,
                    SnapshotKind.IMPORT,
                    original.map(SnapshotRecord::created).orElseGet(volume.store::now),
                    original.map(SnapshotRecord::message).orElse(""),
                    tags,
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    remarks);
        }
    }
}
