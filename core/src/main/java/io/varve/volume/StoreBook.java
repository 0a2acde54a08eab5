package io.varve.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
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
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The stores that were opened, one file each: those somebody asked for at run time, so that a restart opens them again,
 * and in a directory beside them those of the configuration file, so that none of them is made anew where its disk is
 * not mounted.
 */
public final class StoreBook {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    public StoreBook(Path directory) {
        this.directory = directory;
    }

    /**
     * A store that was open once.
     *
     * @param id what its flag file said; empty where it did not say or that was not noted
     */
    record Known(StoreDefinition definition, Optional<UUID> id) {
        /** Whether this is about the same root; who moves a store in the configuration file means a new place. */
        boolean isAbout(StoreDefinition wanted) {
            return definition.root().equals(wanted.root())
                    && (wanted.driver().isEmpty() || wanted.driver().equals(definition.driver()));
        }
    }

    /** Those asked for at run time; a file that cannot be read is told to {@code damaged} and passed over. */
    List<StoreDefinition> all(Consumer<String> damaged) {
        List<StoreDefinition> definitions = new ArrayList<>();
        for (Path file : files(directory)) {
            try {
                definitions.add(read(file, false).definition());
            } catch (IOException | StorageException failure) {
                damaged.accept(file + ": " + failure.getMessage());
            }
        }
        return definitions;
    }

    private static List<Path> files(Path directory) {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.json")) {
                found.forEach(files::add);
            } catch (IOException failure) {
                throw KernelException.storage("cannot read the stores in '" + directory + "'", failure);
            }
        }
        return files;
    }

    private static Known read(Path file, boolean readOnly) throws IOException {
        JsonNode node = JSON.readTree(Files.readAllBytes(file));
        Map<String, String> options = new HashMap<>();
        node.path("options")
                .properties()
                .forEach(each -> options.put(each.getKey(), each.getValue().asText()));
        StoreDefinition definition = new StoreDefinition(
                StoreName.of(node.path("name").asText()),
                Optional.of(DriverType.of(node.path("driver").asText())),
                Path.of(node.path("root").asText()),
                options,
                readOnly);
        return new Known(definition, id(node.path("id").asText("")));
    }

    private static Optional<UUID> id(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException malformed) {
            throw new StorageException(ErrorCode.IO_FAILED, "'" + text + "' is not the id of a store", malformed);
        }
    }

    /**
     * What is known of a store from earlier; empty for one that was never open.
     *
     * @throws StorageException {@code IO_FAILED} where that cannot be read
     */
    Optional<Known> known(StoreDefinition wanted) {
        return noted(wanted).filter(known -> known.isAbout(wanted));
    }

    /** How an open store was asked for, its root as it was written then; empty where that was never noted. */
    Optional<StoreDefinition> asWritten(StoreDefinition open) {
        return noted(open).map(Known::definition);
    }

    private Optional<Known> noted(StoreDefinition store) {
        Path file = file(store);
        try {
            return Files.exists(file) ? Optional.of(read(file, store.readOnly())) : Optional.empty();
        } catch (IOException failure) {
            throw KernelException.storage("cannot read what is known of store '" + store.name() + "'", failure);
        }
    }

    void put(Known store) {
        StoreDefinition definition = store.definition();
        ObjectNode node = JSON.createObjectNode().put("format", 1);
        node.put("name", definition.name().value());
        definition.driver().ifPresent(type -> node.put("driver", type.value()));
        node.put("root", definition.root().toString());
        store.id().ifPresent(id -> node.put("id", id.toString()));
        ObjectNode options = node.putObject("options");
        definition.options().forEach(options::put);
        Path file = file(definition);
        try {
            DurableFiles.makeDirectories(file.resolveSibling(""));
            DurableFiles.replace(file, JSON.writeValueAsBytes(node));
        } catch (IOException failure) {
            throw KernelException.storage("cannot record store '" + definition.name() + "'", failure);
        }
    }

    void remove(StoreDefinition definition) {
        try {
            DurableFiles.delete(file(definition));
        } catch (IOException failure) {
            throw KernelException.storage("cannot forget store '" + definition.name() + "'", failure);
        }
    }

    /** Forgets what was known of stores that the configuration file has no more. */
    void forgetAllBut(List<StoreDefinition> configured) {
        Set<Path> kept = configured.stream().map(this::file).collect(Collectors.toSet());
        for (Path file : files(configured())) {
            if (!kept.contains(file)) {
                try {
                    DurableFiles.delete(file);
                } catch (IOException failure) {
                    throw KernelException.storage("cannot forget a store that is no longer configured", failure);
                }
            }
        }
    }

    private Path configured() {
        return directory.resolve("configured");
    }

    private Path file(StoreDefinition definition) {
        Path place = definition.readOnly() ? configured() : directory;
        return place.resolve(definition.name() + ".json");
    }
}
