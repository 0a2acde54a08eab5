package io.varve.driver.devicemapper;

import io.varve.volume.Store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One life of a machine that {@code dev/power-loss} takes the power from: opens the store that the life before left, holds
 * it against its history, then puts load on it until it is killed. Ends by itself only where something is wrong.
 */
public final class PowerLoss {
    static final List<String> VOLUMES = List.of("alpha", "beta", "gamma");

    private PowerLoss() {}

    /**
     * @param arguments root, data disk, metadata disk, the history's file outside, a number to be different by, the
     *     filesystem of the volumes, and where there is one the device of target log-writes below all disks, which is told
     *     after each line how many lines there are
     */
    public static void main(String[] arguments) throws Exception {
        Path metadata = Path.of(arguments[2]);
        PowerLossHistory history =
                PowerLossHistory.in(Path.of(arguments[3]), arguments.length > 6 ? marking(arguments[6]) : lines -> {});
        Map<String, String> options = Map.of(
                "dm.datadev",
                arguments[1],
                "dm.metadatadev",
                metadata.toString(),
                "dm.basesize",
                // XFS needs 300 MiB at least.
                arguments[5].equals("xfs") ? "320 MiB" : "96 MiB",
                "dm.blkdiscard",
                "true",
                "dm.fs",
                arguments[5]);
        history.note("OPENING");
        try (OpenedStore opened = OpenedStore.of(Path.of(arguments[0]), options)) {
            history.settle(new PowerLossCheck(opened.store(), opened.open().driver()).against(history));
        }
        // Once more: what was settled is settled, and the pool at rest is whole and has what the book says.
        PowerLossCheck.poolAtRest(Path.of(arguments[0]), metadata);
        OpenedStore opened = OpenedStore.of(Path.of(arguments[0]), options);
        history.note("LOADING");
        load(opened.store(), history, Long.parseLong(arguments[4]));
    }

    private static LongConsumer marking(String device) throws IOException {
        DeviceMapper mapper = DeviceMapper.open();
        return lines -> {
            try {
                mapper.message(device, "mark " + lines);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        };
    }

    private static void load(Store store, PowerLossHistory history, long seed) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch failed = new CountDownLatch(1);
        for (String volume : VOLUMES) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + volume.hashCode());
            PowerLossLoad load = new PowerLossLoad(store, history, volume, random);
            for (Runnable each : List.<Runnable>of(load::work, load::disturb)) {
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        each.run();
                    } catch (Throwable wrong) {
                        failure.set(wrong);
                        failed.countDown();
                    }
                });
            }
        }
        failed.await();
        throw new AssertionError("the load failed", failure.get());
    }
}
