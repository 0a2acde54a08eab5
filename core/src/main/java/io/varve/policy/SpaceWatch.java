package io.varve.policy;

import io.varve.spi.DriverStatus;
import io.varve.spi.StorageException;
import io.varve.volume.Store;
import io.varve.volume.StoreName;

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
 * How much space stores have and, from what was seen since the appliance started (five days at most), when it will be used
 * up. Thread-safe.
 */
public final class SpaceWatch {
    /** Below this free share people are told. */
    public static final double YELLOW_PERCENT = 10;

    /** Below this one the store is not ready: the next snapshot or write may find no space. */
    public static final double RED_PERCENT = 2;

    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final int REMEMBERED = 1440;
    private static final double SOON_DAYS = 3;

    private final Clock clock;
    private final Map<StoreName, Deque<SpaceTrend.Look>> looks = new ConcurrentHashMap<>();

    public SpaceWatch(Clock clock) {
        this.clock = clock;
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
        Deque<SpaceTrend.Look> known = looks.computeIfAbsent(store.name(), name -> new ArrayDeque<>());
        Instant now = clock.instant();
        synchronized (known) {
            boolean due = known.isEmpty()
                    || !known.getLast().time().plus(INTERVAL).isAfter(now)
                    || now.isBefore(known.getLast().time());
            if (due) {
                space(store).ifPresent(space -> remember(known, now, space));
            }
        }
    }

    /** What was seen in a time that is to come again, because the clock was set back, is forgotten. */
    private static void remember(Deque<SpaceTrend.Look> known, Instant now, DriverStatus.Space space) {
        while (!known.isEmpty() && !known.getLast().time().isBefore(now)) {
            known.removeLast();
        }
        known.addLast(new SpaceTrend.Look(now, space.total() - space.available()));
        while (known.size() > REMEMBERED) {
            known.removeFirst();
        }
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
