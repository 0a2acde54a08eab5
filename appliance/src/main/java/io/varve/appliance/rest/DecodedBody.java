package io.varve.appliance.rest;

import io.airlift.compress.MalformedInputException;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/**
 * The content of a compressed body. It waits for no byte before it is read, as the JDK's own stream does, and what is not
 * of its coding, or not whole, is a fault of the archive. One thread.
 */
final class DecodedBody extends InputStream {
    private final String coding;
    private final Opening opening;
    private @Nullable InputStream opened;

    /** Begins to decompress. */
    interface Opening {
        InputStream open() throws IOException;
    }

    /** @param coding for the refusal */
    DecodedBody(String coding, Opening opening) {
        this.coding = coding;
        this.opening = opening;
    }

    private InputStream opened() throws IOException {
        if (opened == null) {
            opened = opening.open();
        }
        return opened;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            return opened().read(bytes, offset, length);
        } catch (IOException | MalformedInputException broken) {
            throw new StorageException(
                    ErrorCode.ARCHIVE_INVALID,
                    "the archive cannot be read as " + coding + ": " + broken.getMessage(),
                    broken);
        }
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }
}
