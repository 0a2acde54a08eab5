package io.varve.archive;

import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

/** Refusals of archives. */
final class Invalid {
    private Invalid() {}

    static StorageException archive(String why) {
        return new StorageException(ErrorCode.ARCHIVE_INVALID, "the archive is refused: " + why);
    }

    static StorageException member(RawName name, String why) {
        return member(Printable.name(name), why);
    }

    static StorageException member(String name, String why) {
        return archive("member '" + name + "' " + why).with("member", name);
    }
}
