package io.varve.linux;

import jnr.constants.platform.OpenFlags;

/** How to open a file; close-on-exec always. */
public enum OpenFlag {
    READ(OpenFlags.O_RDONLY.intValue()),
    WRITE(OpenFlags.O_WRONLY.intValue()),
    READ_WRITE(OpenFlags.O_RDWR.intValue()),
    /** Makes the file where it is missing. */
    CREATE(OpenFlags.O_CREAT.intValue()),
    /** Fails where it is there. */
    NEW(OpenFlags.O_CREAT.intValue() | OpenFlags.O_EXCL.intValue()),
    /** Of a block device: fails with EBUSY where it is mounted, part of another device, or taken so by somebody else. */
    EXCLUSIVE(OpenFlags.O_EXCL.intValue()),
    TRUNCATE(OpenFlags.O_TRUNC.intValue()),
    DIRECTORY(OpenFlags.O_DIRECTORY.intValue()),
    NO_FOLLOW(OpenFlags.O_NOFOLLOW.intValue()),
    /** Names a place and keeps its mount, without opening anything (O_PATH, asm-generic/fcntl.h). */
    PLACE(0x200000),
    /** A fifo without a writer does not block. */
    NON_BLOCKING(OpenFlags.O_NONBLOCK.intValue());

    private static final int CLOSE_ON_EXEC = OpenFlags.O_CLOEXEC.intValue();

    private final int bits;

    OpenFlag(int bits) {
        this.bits = bits;
    }

    static int bits(OpenFlag... flags) {
        int all = CLOSE_ON_EXEC;
        for (OpenFlag flag : flags) {
            all |= flag.bits;
        }
        return all;
    }
}
