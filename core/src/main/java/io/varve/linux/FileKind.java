package io.varve.linux;

/** The type bits of a file's mode (inode(7), S_IFMT). */
public enum FileKind {
    REGULAR(0x8000),
    DIRECTORY(0x4000),
    SYMLINK(0xA000),
    FIFO(0x1000),
    SOCKET(0xC000),
    CHARACTER_DEVICE(0x2000),
    BLOCK_DEVICE(0x6000);

    static final int MASK = 0xF000;

    private final int bits;

    FileKind(int bits) {
        this.bits = bits;
    }

    public int bits() {
        return bits;
    }

    static FileKind of(int mode) {
        for (FileKind kind : values()) {
            if (kind.bits == (mode & MASK)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("mode " + Integer.toOctalString(mode) + " has no known file type");
    }
}
