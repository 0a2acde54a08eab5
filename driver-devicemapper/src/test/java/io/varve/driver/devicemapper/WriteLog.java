package io.varve.driver.devicemapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a disk had been told to make last, in order, as the target log-writes notes it (Linux
 * Documentation/admin-guide/device-mapper/log-writes.rst): a write is in the log once a flush that came after it is done, or
 * at once where it was forced through. Carried out to some entry on what the disk held before, it gives what a disk whose
 * own cache is lost holds after a power cut at that instant.
 */
public final class WriteLog {
    private static final long MAGIC = 0x6a736677736872L;
    private static final int DISCARD = 4;
    private static final int MARK = 8;
    private static final int ENTRY = 32;

    private final FileChannel log;
    private final FileChannel disk;
    private final int sector;
    private final long entries;

    private WriteLog(FileChannel log, FileChannel disk) throws IOException {
        this.log = log;
        this.disk = disk;
        ByteBuffer head = read(0, ENTRY);
        if (head.getLong(0) != MAGIC) {
            throw new IOException("this is no log of writes");
        }
        this.entries = head.getLong(16);
        this.sector = head.getInt(24);
    }

    /**
     * Prints how many entries there are, how many were carried out, and the last mark among them (empty without one).
     *
     * @param arguments the log, the file of the disk, how many thousandths of the log to carry out
     */
    public static void main(String[] arguments) throws IOException {
        try (FileChannel log = FileChannel.open(Path.of(arguments[0]));
                FileChannel disk =
                        FileChannel.open(Path.of(arguments[1]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            WriteLog all = new WriteLog(log, disk);
            long cut = all.entries * Long.parseLong(arguments[2]) / 1000;
            System.out.println(all.entries + " " + cut + " " + all.replay(cut));
        }
    }

    private ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && log.read(bytes, at + bytes.position()) >= 0) {}
        return bytes.flip();
    }

    private String replay(long count) throws IOException {
        String mark = "";
        long at = sector;
        for (long i = 0; i < count; i++) {
            ByteBuffer entry = read(at, ENTRY);
            long position = entry.getLong(0) * sector;
            int length = Math.toIntExact(entry.getLong(8) * sector);
            long flags = entry.getLong(16);
            if ((flags & MARK) != 0) {
                mark = StandardCharsets.US_ASCII
                        .decode(read(at + ENTRY, (int) entry.getLong(24)))
                        .toString()
                        .replace("\0", "");
            } else if ((flags & DISCARD) != 0) {
                write(ByteBuffer.allocate(length), position);
                length = 0;
            } else {
                write(read(at + sector, length), position);
            }
            at += sector + length;
        }
        return mark;
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        while (bytes.hasRemaining()) {
            disk.write(bytes, position + bytes.position());
        }
    }
}
