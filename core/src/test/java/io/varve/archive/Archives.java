package io.varve.archive;

import io.varve.spi.DriverType;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Short ways to export and import in tests. */
final class Archives {
    static final String SNAPSHOT = "shop_db_nightly";

    private Archives() {}

    static ArchiveSource source(Path tree, List<MetadataStream> metadata, Exclusions exclusions) {
        return new ArchiveSource(
                VolumeName.of("shop_db"),
                SnapshotLabel.of("nightly"),
                DriverType.of("btrfs"),
                0,
                tree,
                Instant.ofEpochSecond(1_700_000_000),
                metadata,
                exclusions);
    }

    static MetadataStream record() {
        return MetadataStream.of(ArchiveSource.RECORD, "{\"Label\":\"nightly\"}".getBytes(StandardCharsets.UTF_8));
    }

    static byte[] export(Path tree) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArchiveExport.write(source(tree, List.of(record()), Exclusions.none()), bytes, Work.unwatched());
        return bytes.toByteArray();
    }

    static ArchiveResult restore(byte[] archive, Path tree) {
        return restore(new ByteArrayInputStream(archive), new Target(tree));
    }

    static ArchiveResult restore(InputStream archive, Target target) {
        return ArchiveImport.read(archive, target, ArchiveLimits.generous(), Work.unwatched());
    }

    /** Keeps what an import hands over. */
    static final class Target implements ArchiveTarget {
        private final Path tree;
        private final Map<String, byte[]> metadata = new LinkedHashMap<>();
        private ArchiveHead head = new ArchiveHead("", DriverType.of("none"), 0);

        Target(Path tree) {
            this.tree = tree;
        }

        ArchiveHead head() {
            return head;
        }

        Map<String, byte[]> metadata() {
            return metadata;
        }

        @Override
        public Path begin(ArchiveHead shown) {
            head = shown;
            return tree;
        }

        @Override
        public void metadata(String name, InputStream content) throws IOException {
            metadata.put(name, content.readAllBytes());
        }
    }
}
