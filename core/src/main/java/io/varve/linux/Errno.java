package io.varve.linux;

import io.varve.spi.ErrorCode;

/** The error numbers the code decides on (Linux asm-generic/errno-base.h and errno.h); the rest is {@code OTHER}. */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EIO(5),
    ENXIO(6),
    EBADF(9),
    EAGAIN(11),
    EACCES(13),
    EBUSY(16),
    EEXIST(17),
    EXDEV(18),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    ENOTTY(25),
    ETXTBSY(26),
    EFBIG(27),
    ENOSPC(28),
    EROFS(30),
    EMLINK(31),
    ENAMETOOLONG(36),
    ENOSYS(38),
    ENOTEMPTY(39),
    ELOOP(40),
    ENODATA(61),
    EOVERFLOW(75),
    EOPNOTSUPP(95),
    ETIMEDOUT(110),
    ESTALE(116),
    EDQUOT(122),
    OTHER(-1);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return OTHER;
    }

    /** The code that clients see where nothing more particular is known. */
    public ErrorCode code() {
        return switch (this) {
            case EPERM, EACCES -> ErrorCode.PERMISSION_DENIED;
            case EBUSY, ETXTBSY -> ErrorCode.BUSY;
            case ENOTDIR -> ErrorCode.NOT_A_DIRECTORY;
            case ENOSPC, EDQUOT -> ErrorCode.NO_SPACE;
            default -> ErrorCode.IO_FAILED;
        };
    }
}
