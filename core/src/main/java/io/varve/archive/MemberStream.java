package io.varve.archive;

import java.io.IOException;
import java.io.InputStream;

/** The data of a reader's current member as a stream. */
final class MemberStream extends InputStream {
    private final TarReader tar;
    private final byte[] one = new byte[1];

    MemberStream(TarReader tar) {
        this.tar = tar;
    }

    @Override
    public int read() throws IOException {
        return tar.read(one, 0, 1) == 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = tar.read(bytes, offset, length);
        return n == 0 && length > 0 ? -1 : n;
    }
}
