package io.varve.archive;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes the data of regular files; holes stay holes. */
final class FileImport {
    private static final int CHUNK = 1 << 20;

    private final Progress progress;
    private final byte[] bytes = new byte[CHUNK];
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

    FileImport(Progress progress) {
        this.progress = progress;
    }

    void write(Directory directory, RawName name, TarMember member, TarReader data) throws IOException {
        try (Descriptor file = directory.openFile(name, 0600, OpenFlag.WRITE, OpenFlag.NEW)) {
            long end = 0;
            for (SparseMap.Segment segment : member.content().segments()) {
                copy(data, file, segment);
                end = segment.end();
            }
            if (end < member.content().size()) {
                file.truncate(member.content().size());
            }
        }
    }

    private void copy(TarReader data, Descriptor file, SparseMap.Segment segment) throws IOException {
        long at = segment.offset();
        while (at < segment.end()) {
            int n = data.read(bytes, 0, (int) Math.min(CHUNK, segment.end() - at));
            buffer.clear().put(bytes, 0, n).flip();
            file.write(buffer, at);
            at += n;
            progress.at(data.position());
        }
    }
}
