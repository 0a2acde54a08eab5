package io.varve.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
import io.varve.spi.DriverType;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The stores somebody asked for at run time, one file each, so that a restart opens them again. */
public final class StoreBook {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    public StoreBook(Path directory) {
        this.directory = directory;
    }

    /** All definitions; a file that cannot be read is told to {@code damaged} and passed over. */
    List<StoreDefinition> all(Consumer<String> damaged) {
        List<StoreDefinition> definitions = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return definitions;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
            for (Path file : files) {
                read(file, damaged).ifPresent(definitions::add);
            }
        } catch (IOException failure) {
            throw KernelException.storage("cannot read the stores in '" + directory + "'", failure);
        }
        return definitions;
    }

    private static Optional<StoreDefinition> read(Path file, Consumer<String> damaged) {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            Map<String, String> options = new HashMap<>();
            node.path("options")
                    .properties()
                    .forEach(each -> options.put(each.getKey(), each.getValue().asText()));
            return Optional.of(new StoreDefinition(
                    StoreName.of(node.path("name").asText()),
                    Optional.of(DriverType.of(node.path("driver").asText())),
                    Path.of(node.path("root").asText()),
                    options,
                    false));
        } catch (IOException | StorageException failure) {
            damaged.accept(file + ": " + failure.getMessage());
            return Optional.empty();
        }
    }

    void put(StoreDefinition definition) {
        ObjectNode node = JSON.createObjectNode().put("format", 1);
        node.put("name", definition.name().value());
        definition.driver().ifPresent(type -> node.put("driver", type.value()));
        node.put("root", definition.root().toString());
        ObjectNode options = node.putObject("options");
        definition.options().forEach(options::put);
        try {
            DurableFiles.makeDirectories(directory);
            DurableFiles.replace(file(definition.name()), JSON.writeValueAsBytes(node));
        } catch (IOException failure) {
            throw KernelException.storage("cannot record store '" + definition.name() + "'", failure);
        }
    }

    void remove(StoreName name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException failure) {
            throw KernelException.storage("cannot forget store '" + name + "'", failure);
        }
    }

    private Path file(StoreName name) {
        return directory.resolve(name + ".json");
    }
}
