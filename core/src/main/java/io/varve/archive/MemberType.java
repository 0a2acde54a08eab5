package io.varve.archive;

import io.varve.linux.FileKind;

import java.util.Optional;

/** What a member is; the flag is its letter in the header (pax(1), "ustar Interchange Format"). */
enum MemberType {
    REGULAR('0'),
    HARD_LINK('1'),
    SYMLINK('2'),
    CHARACTER_DEVICE('3'),
    BLOCK_DEVICE('4'),
    DIRECTORY('5'),
    FIFO('6');

    private final char flag;

    MemberType(char flag) {
        this.flag = flag;
    }

    byte flag() {
        return (byte) flag;
    }

    boolean isDevice() {
        return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
    }

    /** The member that stands for a file; a socket has none. */
    static Optional<MemberType> of(FileKind kind) {
        return switch (kind) {
            case REGULAR -> Optional.of(REGULAR);
            case DIRECTORY -> Optional.of(DIRECTORY);
            case SYMLINK -> Optional.of(SYMLINK);
            case FIFO -> Optional.of(FIFO);
            case CHARACTER_DEVICE -> Optional.of(CHARACTER_DEVICE);
            case BLOCK_DEVICE -> Optional.of(BLOCK_DEVICE);
            case SOCKET -> Optional.empty();
        };
    }

    /** Old archives mark a regular file with NUL, contiguous files ('7') and old GNU sparse files ('S') are regular. */
    static Optional<MemberType> of(byte flag) {
        return switch (flag) {
            case 0, '0', '7', 'S' -> Optional.of(REGULAR);
            case '1' -> Optional.of(HARD_LINK);
            case '2' -> Optional.of(SYMLINK);
            case '3' -> Optional.of(CHARACTER_DEVICE);
            case '4' -> Optional.of(BLOCK_DEVICE);
            case '5' -> Optional.of(DIRECTORY);
            case '6' -> Optional.of(FIFO);
            default -> Optional.empty();
        };
    }
}
