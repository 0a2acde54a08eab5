package io.varve.policy;

import io.varve.spi.DriverStatus;
import io.varve.spi.StorageException;
import io.varve.volume.Store;
import io.varve.volume.StoreName;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much space stores have and, from what was seen of it (the last five days at most, over restarts), when it will be used
 * up. Thread-safe.
 */
public final class SpaceWatch {
    /** Below this free share people are told. */
    public static final double YELLOW_PERCENT = 10;

    /** Below this one the store is not ready: the next snapshot or write may find no space. */
    public static final double RED_PERCENT = 2;

    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final double SOON_DAYS = 3;

    private final Clock clock;
    private final SpaceHistory history;
    private final Map<StoreName, Deque<SpaceTrend.Look>> looks = new ConcurrentHashMap<>();

    /** @param directory where what was seen is kept */
    public SpaceWatch(Clock clock, Path directory) {
        this.clock = clock;
        this.history = new SpaceHistory(directory);
    }

    /**
     * The space of a store.
     *
     * @param daysToFull as the trend has it; empty while not enough was seen, or where space does not get less
     */
    public record Outlook(double freePercent, Optional<DaysToFull> daysToFull) {
        public boolean isRed() {
            return freePercent < RED_PERCENT;
        }

        /** What people should know; empty where there is nothing. */
        public Optional<String> warning() {
            Optional<String> soon = daysToFull
                    .filter(days -> days.expected().orElse(SOON_DAYS) < SOON_DAYS)
                    .map(days -> "full in " + days);
            Optional<String> little = freePercent < YELLOW_PERCENT
                    ? Optional.of("%.1f %% of the space are free".formatted(freePercent))
                    : Optional.empty();
            return little.map(text -> soon.map(more -> text + ", " + more).orElse(text))
                    .or(() -> soon);
        }
    }

    /**
     * In how many days there will be no space left, if it goes on as it did.
     *
     * @param expected empty where that is uncertain altogether
     * @param latest empty for perhaps never
     */
    public record DaysToFull(double earliest, OptionalDouble expected, OptionalDouble latest) {
        @Override
        public String toString() {
            String range = "%.1f to ".formatted(earliest)
                    + (latest.isPresent() ? "%.1f".formatted(latest.getAsDouble()) : "any number of") + " days";
            return expected.isPresent() ? "%.1f days (%s)".formatted(expected.getAsDouble(), range) : range;
        }
    }

    /** Remembers how much space the stores have; to be called now and then. */
    public void look(List<Store> stores) {
        stores.forEach(this::look);
        looks.keySet().retainAll(stores.stream().map(Store::name).toList());
    }

    private void look(Store store) {
        Deque<SpaceTrend.Look> known = looks.computeIfAbsent(store.name(), name -> earlier(store));
        Instant now = clock.instant();
        synchronized (known) {
            boolean due = known.isEmpty()
                    || !known.getLast().time().plus(INTERVAL).isAfter(now)
                    || now.isBefore(known.getLast().time());
            if (due) {
                space(store)
                        .map(space -> new SpaceTrend.Look(now, space.total() - space.available()))
                        .ifPresent(look -> {
                            SpaceHistory.remember(known, look);
                            history.append(store, known);
                        });
            }
        }
    }

    /** What an appliance before this one saw, not longer ago than looks are kept. */
    private Deque<SpaceTrend.Look> earlier(Store store) {
        Deque<SpaceTrend.Look> seen = history.read(store);
        Instant oldest = clock.instant().minus(INTERVAL.multipliedBy(SpaceHistory.REMEMBERED));
        seen.removeIf(look -> look.time().isBefore(oldest));
        history.replace(store, seen);
        return seen;
    }

    /** Empty where the store does not say. */
    private static Optional<DriverStatus.Space> space(Store store) {
        try {
            return Optional.of(store.status().space()).filter(space -> space.total() > 0);
        } catch (StorageException unknown) {
            return Optional.empty();
        }
    }

    /** The space of a store now; empty where it does not say. */
    public Optional<Outlook> of(Store store) {
        return space(store)
                .map(space -> new Outlook(
                        100.0 * space.available() / space.total(),
                        trend(store)
                                .flatMap(trend -> trend.daysToFull(space.available()))
                                .map(days -> new DaysToFull(days.earliest(), days.expected(), days.latest()))));
    }

    private Optional<SpaceTrend> trend(Store store) {
        Deque<SpaceTrend.Look> known = looks.getOrDefault(store.name(), new ArrayDeque<>());
        synchronized (known) {
            return SpaceTrend.of(List.copyOf(known));
        }
    }
}
