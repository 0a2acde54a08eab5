package io.varve.driver.devicemapper;

import io.varve.linux.DurableFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a store knows of its pool, in a file of lines {@code key=value}.
 *
 * @param store part of the names of all devices; random, so that two stores never meet
 * @param source where the pool comes from, for people and for the second attempt to make it
 * @param blockSize bytes
 * @param baseSize bytes of the base image
 * @param identity the filesystem UUID of the base image, by which the pool is known again; empty while it is being made
 */
record PoolRecord(
        String store,
        String source,
        long blockSize,
        FilesystemKind filesystem,
        long baseSize,
        Optional<UUID> identity) {

    private static final String FORMAT = "1";

    static Optional<PoolRecord> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> fields = Files.readString(file, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (one, other) -> other));
        if (!FORMAT.equals(fields.get("format"))) {
            throw new IOException(file + " has format " + fields.get("format") + "; this version knows " + FORMAT);
        }
        try {
            return Optional.of(of(fields));
        } catch (IllegalArgumentException | java.util.NoSuchElementException damaged) {
            throw new IOException(file + " is damaged: " + damaged.getMessage(), damaged);
        }
    }

    private static PoolRecord of(Map<String, String> fields) {
        String identity = fields.getOrDefault("identity", "");
        return new PoolRecord(
                fields.getOrDefault("store", ""),
                fields.getOrDefault("source", ""),
                Long.parseLong(fields.getOrDefault("block", "")),
                FilesystemKind.of(fields.getOrDefault("filesystem", "")).orElseThrow(),
                Long.parseLong(fields.getOrDefault("base", "")),
                identity.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(identity)));
    }

    void write(Path file) throws IOException {
        String text = "format=" + FORMAT + "\nstore=" + store + "\nsource=" + source + "\nblock=" + blockSize
                + "\nfilesystem=" + filesystem.type() + "\nbase=" + baseSize + "\nidentity="
                + identity.map(UUID::toString).orElse("") + "\n";
        DurableFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    PoolRecord identified(UUID uuid) {
        return new PoolRecord(store, source, blockSize, filesystem, baseSize, Optional.of(uuid));
    }

    PoolRecord inBlocksOf(long bytes) {
        return new PoolRecord(store, source, bytes, filesystem, baseSize, identity);
    }

    PoolRecord basedOn(long bytes) {
        return new PoolRecord(store, source, blockSize, filesystem, bytes, identity);
    }
}
