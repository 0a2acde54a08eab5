package io.varve.share;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The exports that somebody asked for, one file each, so that a restart has them again. */
public final class ExportBook {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    public ExportBook(Path directory) {
        this.directory = directory;
    }

    /** A file that cannot be read is told to {@code damaged} and passed over. */
    List<Export> all(Consumer<String> damaged) {
        List<Export> exports = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
                files.forEach(file -> read(file, damaged).ifPresent(exports::add));
            } catch (IOException failure) {
                throw KernelException.storage("cannot read the exports in '" + directory + "'", failure);
            }
        }
        return exports;
    }

    private static Optional<Export> read(Path file, Consumer<String> damaged) {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            List<Client> clients = new ArrayList<>();
            node.path("clients").forEach(client -> clients.add(new Client(client.asText())));
            return Optional.of(new Export(
                    node.path("id").asText(),
                    StoreName.of(node.path("store").asText()),
                    node.hasNonNull("volume")
                            ? Optional.of(VolumeName.of(node.path("volume").asText()))
                            : Optional.empty(),
                    clients,
                    node.path("readOnly").asBoolean(true),
                    node.path("rootSquash").asBoolean(true)));
        } catch (IOException | StorageException failure) {
            damaged.accept(file + ": " + failure.getMessage());
            return Optional.empty();
        }
    }

    void put(Export export) {
        ObjectNode node = JSON.createObjectNode().put("format", 1);
        node.put("id", export.id());
        node.put("store", export.store().value());
        export.volume().ifPresent(volume -> node.put("volume", volume.value()));
        export.clients().forEach(client -> node.withArray("clients").add(client.text()));
        node.put("readOnly", export.readOnly()).put("rootSquash", export.rootSquash());
        try {
            DurableFiles.makeDirectories(directory);
            DurableFiles.replace(file(export), JSON.writeValueAsBytes(node));
        } catch (IOException failure) {
            throw KernelException.storage("cannot record the export of " + export.subject(), failure);
        }
    }

    void remove(Export export) {
        try {
            DurableFiles.delete(file(export));
        } catch (IOException failure) {
            throw KernelException.storage("cannot forget the export of " + export.subject(), failure);
        }
    }

    private Path file(Export export) {
        return directory.resolve(export.id() + ".json");
    }
}
