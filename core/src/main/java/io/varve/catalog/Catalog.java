package io.varve.catalog;

import io.varve.linux.DurableFiles;
import io.varve.linux.Trees;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The record files of one store. It keeps nothing in memory and takes no locks: callers change one volume's records
 * from one thread at a time.
 */
public final class Catalog {
    private static final String SUFFIX = ".json";

    private final Path directory;

    public Catalog(Path directory) {
        this.directory = directory;
    }

    /** All volumes with a readable record; one that is in another volume's place is none. */
    public List<VolumeRecord> volumes() throws IOException {
        List<VolumeRecord> records = new ArrayList<>();
        for (Path volume : list(directory, "")) {
            String name = volume.getFileName().toString();
            if (Files.isDirectory(volume)) {
                volume(volume.resolve("volume.json"))
                        .filter(record -> record.name().value().equals(name))
                        .ifPresent(records::add);
            }
        }
        return records;
    }

    private static Optional<VolumeRecord> volume(Path file) throws IOException {
        try {
            return Optional.of(RecordFormat.readVolume(Files.readAllBytes(file)));
        } catch (NoSuchFileException | RecordFormatException absentOrDamaged) {
            return Optional.empty();
        }
    }

    public Optional<VolumeRecord> volume(VolumeName volume) throws IOException {
        return volume(volumeFile(volume));
    }

    /** Where a volume's record is kept; its directory is made. */
    public Path placeFor(VolumeName volume) throws IOException {
        DurableFiles.makeDirectories(snapshotDirectory(volume));
        return volumeFile(volume);
    }

    public void put(VolumeRecord record) throws IOException {
        DurableFiles.replace(placeFor(record.name()), RecordFormat.write(record));
    }

    /** Forgets a volume with everything that is known of its snapshots. Idempotent. */
    public void forget(VolumeName volume) throws IOException {
        Trees.remove(directory.resolve(volume.value()));
    }

    /** The readable snapshot records of a volume. A file that is damaged is passed over: its snapshot is invalid. */
    public Map<SnapshotLabel, SnapshotRecord> snapshots(VolumeName volume) throws IOException {
        Map<SnapshotLabel, SnapshotRecord> records = new TreeMap<>();
        for (Path file : list(snapshotDirectory(volume), SUFFIX)) {
            snapshot(file).filter(record -> record.volume().equals(volume)).ifPresent(record -> {
                if (snapshotFile(volume, record.label()).equals(file)) {
                    records.put(record.label(), record);
                }
            });
        }
        return records;
    }

    /** The record of a snapshot as it is on the disk now; empty where there is none or it is damaged. */
    public Optional<SnapshotRecord> snapshot(VolumeName volume, SnapshotLabel label) throws IOException {
        return snapshot(snapshotFile(volume, label));
    }

    private static Optional<SnapshotRecord> snapshot(Path file) throws IOException {
        try {
            return Optional.of(RecordFormat.readSnapshot(Files.readAllBytes(file)));
        } catch (NoSuchFileException | RecordFormatException goneOrDamaged) {
            return Optional.empty();
        }
    }

    /** Where a snapshot's record is kept. */
    public Path placeFor(VolumeName volume, SnapshotLabel label) {
        return snapshotFile(volume, label);
    }

    public void put(SnapshotRecord record) throws IOException {
        DurableFiles.replace(snapshotFile(record.volume(), record.label()), RecordFormat.write(record));
    }

    /** Forgets what is known of a snapshot beside its record file. Idempotent. */
    public void forgetMetadata(VolumeName volume, SnapshotLabel label) throws IOException {
        metadata(volume, label).remove();
    }

    public MetadataStreams metadata(VolumeName volume, SnapshotLabel label) {
        return new MetadataStreams(metadataOf(volume, label), directory);
    }

    Path metadataOf(VolumeName volume, SnapshotLabel label) {
        return directory.resolve(volume.value()).resolve("metadata").resolve(label.value());
    }

    /** Room for the metadata of a snapshot to be. */
    public StagedMetadata stageMetadata() {
        return new StagedMetadata(this, directory);
    }

    private Path volumeFile(VolumeName volume) {
        return directory.resolve(volume.value()).resolve("volume.json");
    }

    private Path snapshotDirectory(VolumeName volume) {
        return directory.resolve(volume.value()).resolve("snapshots");
    }

    private Path snapshotFile(VolumeName volume, SnapshotLabel label) {
        return snapshotDirectory(volume).resolve(label.value() + SUFFIX);
    }

    private static List<Path> list(Path directory, String suffix) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
            for (Path file : found) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && name.endsWith(suffix)) {
                    files.add(file);
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (DirectoryIteratorException failure) {
            throw new IOException("cannot list '" + directory + "'", failure);
        }
        return files;
    }
}
