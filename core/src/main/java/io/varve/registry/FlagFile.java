package io.varve.registry;

import io.varve.linux.DurableFiles;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file that makes a directory the root of a store. Its being there is what counts; it also tells which store it is. */
final class FlagFile {
    private static final int FORMAT = 1;
    private static final Pattern FORMAT_FIELD = Pattern.compile("\"format\"\\s*:\\s*([0-9]+)");
    private static final Pattern ID_FIELD = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-fA-F-]{36})\"");

    private final Path file;

    FlagFile(StoreLayout layout) {
        this.file = layout.flagFile();
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Which store this is; empty where the file does not say. */
    Optional<UUID> id() throws IOException {
        Matcher id = ID_FIELD.matcher(text());
        return id.find() ? Optional.of(UUID.fromString(id.group(1))) : Optional.empty();
    }

    private String text() throws IOException {
        return exists() ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    }

    /** Makes it, for a store that was not there before. */
    void make(DriverType type) throws IOException {
        String text = "{\"format\":" + FORMAT + ",\"driver\":\"" + type + "\",\"id\":\"" + UUID.randomUUID() + "\"}\n";
        DurableFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file that tells no format is taken for ours. @throws StorageException {@code FILESYSTEM_UNSUITABLE} */
    void requireKnownFormat(Path root) throws IOException {
        Matcher format = FORMAT_FIELD.matcher(text());
        if (format.find() && !format.group(1).equals(Integer.toString(FORMAT))) {
            throw new StorageException(
                    ErrorCode.FILESYSTEM_UNSUITABLE,
                    "the store at '" + root + "' has format " + format.group(1) + ", this version knows " + FORMAT
                            + " alone; open it with the version that made it");
        }
    }
}
