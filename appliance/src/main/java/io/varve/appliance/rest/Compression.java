package io.varve.appliance.rest;

import io.airlift.compress.zstd.ZstdInputStream;
import io.airlift.compress.zstd.ZstdOutputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The content codings we offer for streams (RFC 9110, 8.4; zstd: RFC 8878). */
enum Compression {
    IDENTITY("identity"),
    ZSTD("zstd"),
    GZIP("gzip");

    private static final int BUFFER = 1 << 16;

    private final String coding;

    Compression(String coding) {
        this.coding = coding;
    }

    String coding() {
        return coding;
    }

    /** The first of ours that an Accept-Encoding header names with a weight above zero. */
    static Compression accepted(Optional<String> header) {
        return header.map(String::toLowerCase)
                .flatMap(text -> Arrays.stream(text.split(",", 0))
                        .map(String::strip)
                        .filter(item -> !item.matches(".*;\\s*q=0(\\.0*)?"))
                        .map(item -> item.split(";", 2)[0].strip())
                        .flatMap(name -> named(name).stream())
                        .findFirst())
                .orElse(IDENTITY);
    }

    /** How a body was coded. */
    static Compression of(Optional<String> header) {
        return header.map(text -> named(text.strip().toLowerCase(Locale.ROOT))
                        .orElseThrow(() -> Body.invalid("content coding '" + text + "' is not one of zstd, gzip")))
                .orElse(IDENTITY);
    }

    private static Optional<Compression> named(String name) {
        return Arrays.stream(values())
                .filter(compression -> compression.coding.equals(name))
                .findFirst();
    }

    OutputStream compress(OutputStream target) throws IOException {
        return switch (this) {
            case IDENTITY -> target;
            case ZSTD -> new ZstdOutputStream(target);
            case GZIP -> new GZIPOutputStream(target, BUFFER);
        };
    }

    /** Reads nothing of it yet: what is refused for its name need not wait for its bytes. */
    InputStream decompress(InputStream source) {
        return switch (this) {
            case IDENTITY -> source;
            case ZSTD -> new DecodedBody(coding, () -> new ZstdInputStream(source));
            case GZIP -> new DecodedBody(coding, () -> new GZIPInputStream(source, BUFFER));
        };
    }
}
