package io.varve.directories;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/** Compares files by their content and extended attributes. One thread. */
final class Comparison {
    private static final int BUFFER = 256 * 1024;

    private final Work work;
    private final ByteBuffer one = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer other = ByteBuffer.allocateDirect(BUFFER);

    Comparison(Work work) {
        this.work = work;
    }

    /** Whether two files of one name in two directories are the same to whoever reads them; the files are read. */
    boolean isSame(RawName name, Directory head, Directory base) throws IOException {
        try (Descriptor file = head.openFile(name, 0, OpenFlag.READ, OpenFlag.NON_BLOCKING);
                Descriptor old = base.openFile(name, 0, OpenFlag.READ, OpenFlag.NON_BLOCKING)) {
            return hasSameContent(file, old) && hasSameExtras(head.attributes(name), base.attributes(name));
        } catch (KernelException unreadable) {
            // rsync comes to it again and says what is wrong with it.
            return false;
        }
    }

    private boolean hasSameContent(Descriptor file, Descriptor old) throws IOException {
        long position = 0;
        while (true) {
            Work.checkpoint(work);
            int read = fill(one, file, position);
            if (fill(other, old, position) != read || !one.equals(other)) {
                return false;
            }
            if (read < BUFFER) {
                return true;
            }
            position += read;
        }
    }

    private static int fill(ByteBuffer buffer, Descriptor file, long position) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) == 0) {
                break;
            }
        }
        buffer.flip();
        return buffer.limit();
    }

    private static boolean hasSameExtras(Map<String, byte[]> attributes, Map<String, byte[]> old) {
        return attributes.keySet().equals(old.keySet())
                && attributes.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), old.get(entry.getKey())));
    }
}
