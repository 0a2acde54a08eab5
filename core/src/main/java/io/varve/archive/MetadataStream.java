package io.varve.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** One piece of named metadata of a snapshot. */
public interface MetadataStream {
    /** Relative; may contain {@code /}, never {@code .} or {@code ..} as a part. */
    String name();

    /** How many bytes {@link #open} gives, exactly. */
    long size();

    /** The content; the export closes it. Called once. */
    InputStream open() throws IOException;

    static MetadataStream of(String name, byte[] content) {
        return new Bytes(name, content.clone());
    }

    /** Metadata held in memory. */
    final class Bytes implements MetadataStream {
        private final String name;
        private final byte[] content;

        private Bytes(String name, byte[] content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long size() {
            return content.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }
    }
}
