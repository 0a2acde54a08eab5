package io.varve.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.retention.PolicyCodec;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Event;
import io.varve.volume.Operations;
import io.varve.volume.Snapshot;
import io.varve.volume.StoreBook;
import io.varve.volume.StoreDefinition;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
import io.varve.volume.Surroundings;
import io.varve.volume.Volume;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An appliance's policies over a store in memory, with a clock that stands still until it is set. */
final class PolicyStage implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-05T12:00:00Z");
    static final StoreName STORE = StoreName.of("s");
    static final String ALL = "'match':{'stores':['*'],'volumes':['*']}";

    final MemoryDriver driver = new MemoryDriver();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final Stores stores;
    final RunBook runs;
    final PolicyBook book;
    final PolicyRunner runner;
    private volatile Instant now = START;

    final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    PolicyStage(Path directory) {
        DriverRegistry drivers = new DriverRegistry();
        drivers.register(driver, DriverEntry.Source.BUILT_IN);
        runs = new RunBook(directory.resolve("policies"));
        book = new PolicyBook(directory.resolve("policies"), new PolicyCodec(cron -> Optional.empty()), runs);
        Operations operations = new Operations(clock, events::add);
        Surroundings surroundings = Surroundings.standard(clock, operations, new PolicyUndoLifetime(book));
        stores = new Stores(drivers, surroundings, new StoreBook(directory.resolve("stores")));
        stores.add(
                new StoreDefinition(STORE, Optional.of(MemoryDriver.TYPE), directory.resolve("root"), Map.of(), false));
        runner = new PolicyRunner(stores, book, runs, clock);
    }

    void set(Instant time) {
        now = time;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Volume volume(String name) {
        return stores.store(STORE).createVolume(VolumeName.of(name), VolumeSpec.unlimited());
    }

    /** Puts a policy written with single quotes. */
    void put(String name, String fields) {
        try {
            book.put(name, new JsonMapper().readTree(("{" + fields + "}").replace('\'', '"')));
        } catch (JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    static List<String> labels(Volume volume) {
        return volume.snapshots().stream()
                .map(Snapshot::label)
                .map(SnapshotLabel::value)
                .toList();
    }

    @Override
    public void close() {
        stores.close();
    }
}
