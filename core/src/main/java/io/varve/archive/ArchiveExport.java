package io.varve.archive;

import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes a snapshot as a portable archive; two exports of one snapshot are the same bytes. */
public final class ArchiveExport {
    private static final int CHUNK = 64 * 1024;

    private final ArchiveSource source;
    private final TarWriter tar;
    private final Progress progress;
    private final Warnings warnings = new Warnings();

    private ArchiveExport(ArchiveSource source, OutputStream target, Work work) {
        this.source = source;
        this.tar = new TarWriter(target);
        this.progress = new Progress(work);
    }

    /**
     * Writes the whole archive to the stream, flushes it and leaves it open. Memory does not grow with the tree, but for
     * the names of its largest directory and of files with several names. Sockets and what is mounted below the tree are
     * left out with a warning. Safe to repeat; changes nothing.
     *
     * @throws StorageException {@code CANCELLED}; {@code PERMISSION_DENIED} where something of the tree cannot be read;
     *     {@code IO_FAILED}. What was written by then has no end mark, so that no reader takes it for an archive
     */
    public static ArchiveResult write(ArchiveSource source, OutputStream target, Work work) {
        try {
            return new ArchiveExport(source, target, work).write();
        } catch (IOException failure) {
            throw KernelException.storage("cannot export " + source.label().fullName(source.volume()), failure)
                    .with("volume", source.volume())
                    .with("snapshot", source.label());
        }
    }

    private ArchiveResult write() throws IOException {
        text(MemberGroup.DRIVER, source.driver().value());
        if (source.deviceBytes() > 0) {
            text(MemberGroup.DEVICE, "{\"Size\":" + source.deviceBytes() + "}");
        }
        metadata();
        TreeExport tree = new TreeExport(tar, name(MemberGroup.VOLUME, ""), source.exclusions(), warnings, progress);
        tree.write(source.tree());
        tar.finish();
        return warnings.result(tree.entries(), tar.position());
    }

    private RawName name(MemberGroup group, String rest) {
        return RawName.of(source.label().fullName(source.volume()) + group.suffix() + rest);
    }

    private void text(MemberGroup group, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tar.begin(TarMember.file(name(group, ""), bytes.length, source.created()));
        tar.data(bytes, 0, bytes.length);
    }

    private void metadata() throws IOException {
        Set<String> directories = new HashSet<>();
        List<MetadataStream> sorted = source.metadata().stream()
                .sorted(Comparator.comparing(MetadataStream::name))
                .toList();
        directories("", directories);
        for (MetadataStream stream : sorted) {
            directories("/" + stream.name(), directories);
            stream(stream);
        }
    }

    /** The directories above a path that were not written yet, so that any tar program can unpack it. */
    private void directories(String path, Set<String> written) throws IOException {
        int end = path.isEmpty() ? 0 : path.indexOf('/', 1);
        while (end >= 0) {
            String above = path.substring(0, end);
            if (written.add(above)) {
                tar.begin(TarMember.directory(name(MemberGroup.METADATA, above), source.created()));
            }
            end = end == 0 ? -1 : path.indexOf('/', end + 1);
        }
    }

    private void stream(MetadataStream stream) throws IOException {
        tar.begin(TarMember.file(name(MemberGroup.METADATA, "/" + stream.name()), stream.size(), source.created()));
        byte[] chunk = new byte[CHUNK];
        long left = stream.size();
        try (InputStream content = stream.open()) {
            int n = content.read(chunk);
            while (n > 0 && n <= left) {
                tar.data(chunk, 0, n);
                left -= n;
                progress.at(tar.position());
                n = content.read(chunk);
            }
            if (n > 0 || left > 0) {
                throw new StorageException(
                        ErrorCode.IO_FAILED,
                        "metadata '" + stream.name() + "' does not have the " + stream.size()
                                + " bytes it was said to have");
            }
        }
    }
}
