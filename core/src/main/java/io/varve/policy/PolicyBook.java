package io.varve.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
import io.varve.retention.Origin;
import io.varve.retention.Policy;
import io.varve.retention.PolicyCodec;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The policies of one appliance: those of the configuration file, and those set at run time, one file each. Thread-safe. */
public final class PolicyBook {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final PolicyCodec codec;
    private final RunBook runs;
    private final Map<String, Entry> policies = new ConcurrentSkipListMap<>();
    private final Set<String> readOnly = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** @param given the fields that the policy says itself */
    private record Entry(Policy policy, Set<String> given) {}

    /** @param runs what is known there of a policy goes with the policy */
    public PolicyBook(Path directory, PolicyCodec codec, RunBook runs) {
        this.directory = directory;
        this.codec = codec;
        this.runs = runs;
    }

    /** Whom to tell, in the changing thread, that a policy changed. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public PolicyCodec codec() {
        return codec;
    }

    /**
     * Reads all policies.
     *
     * @param configured of the configuration file
     * @param damaged is told of files that cannot be read; they are passed over
     * @throws StorageException {@code REQUEST_INVALID} for a policy of the configuration file, naming all its faults
     */
    public void load(List<JsonNode> configured, Consumer<String> damaged) {
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
                files.forEach(file -> read(file, damaged));
            } catch (IOException failure) {
                throw KernelException.storage("cannot read the policies in '" + directory + "'", failure);
            }
        }
        for (JsonNode document : configured) {
            Policy policy = codec.read(document);
            policies.put(policy.name(), new Entry(policy, codec.given(document)));
            readOnly.add(policy.name());
        }
        runs.forgetAllBut(policies.keySet());
    }

    private void read(Path file, Consumer<String> damaged) {
        try {
            JsonNode document = JSON.readTree(Files.readAllBytes(file));
            Policy policy = codec.read(document);
            policies.put(policy.name(), new Entry(policy, codec.given(document)));
        } catch (IOException | StorageException failure) {
            damaged.accept(file + ": " + failure.getMessage());
        }
    }

    public List<Policy> all() {
        return policies.values().stream().map(Entry::policy).toList();
    }

    public Optional<Policy> find(String name) {
        return Optional.ofNullable(policies.get(name)).map(Entry::policy);
    }

    /**
     * Where each field of a policy comes from.
     *
     * @throws StorageException {@code POLICY_NOT_FOUND}
     */
    public Map<String, Origin> origins(String name) {
        Policy policy = require(name);
        Set<String> given =
                Optional.ofNullable(policies.get(name)).map(Entry::given).orElse(Set.of());
        return codec.origins(policy, given);
    }

    /** @throws StorageException {@code POLICY_NOT_FOUND} */
    public Policy require(String name) {
        return find(name)
                .orElseThrow(() -> new StorageException(ErrorCode.POLICY_NOT_FOUND, "there is no policy '" + name + "'")
                        .with("policy", name));
    }

    /** Whether it comes from the configuration file. */
    public boolean isReadOnly(String name) {
        return readOnly.contains(name);
    }

    /**
     * Sets a policy.
     *
     * @return whether it is new
     * @throws StorageException {@code REQUEST_INVALID}, with all faults, or for one of the configuration file
     */
    public synchronized boolean put(String name, JsonNode document) {
        requireWritable(name);
        Policy policy = codec.read(name, document);
        requireNoPrograms(policy);
        Set<String> given = codec.given(document);
        ObjectNode written = codec.writeOwn(policy, given);
        try {
            DurableFiles.makeDirectories(directory);
            DurableFiles.replace(file(name), JSON.writeValueAsBytes(written));
        } catch (IOException failure) {
            throw KernelException.storage("cannot record policy '" + name + "'", failure);
        }
        boolean created = policies.put(name, new Entry(policy, given)) == null;
        listeners.forEach(Runnable::run);
        return created;
    }

    /** Forgets a policy; its snapshots stay. An absent one is a success. */
    public synchronized void remove(String name) {
        requireWritable(name);
        if (policies.containsKey(name)) {
            try {
                DurableFiles.delete(file(name));
            } catch (IOException failure) {
                throw KernelException.storage("cannot forget policy '" + name + "'", failure);
            }
            policies.remove(name);
            runs.forget(name);
            listeners.forEach(Runnable::run);
        }
    }

    /** Who may change policies need not be who may run programs on this host as the appliance's user. */
    private static void requireNoPrograms(Policy policy) {
        if (policy.hooks().isPresent()) {
            throw new StorageException(
                            ErrorCode.REQUEST_INVALID,
                            "policy '" + policy.name()
                                    + "' has hooks, which run programs on this host: such a policy is"
                                    + " defined in the configuration file")
                    .with("policy", policy.name());
        }
    }

    private void requireWritable(String name) {
        if (isReadOnly(name)) {
            throw new StorageException(
                            ErrorCode.REQUEST_INVALID,
                            "policy '" + name + "' is defined in the configuration file; change it there")
                    .with("policy", name);
        }
    }

    /** Where hooks under way are written down. */
    Path hooks() {
        return directory.resolve("hooks");
    }

    private Path file(String name) {
        return directory.resolve(name + ".json");
    }
}
