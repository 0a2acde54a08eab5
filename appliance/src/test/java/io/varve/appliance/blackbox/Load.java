package io.varve.appliance.blackbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Sixteen clients at once on eight volumes. */
final class Load {
    private static final int CLIENTS = 16;
    private static final int VOLUMES = 8;

    private final Stage stage;
    private final List<String> volumes;
    private final Contention contention = new Contention();
    private final List<Client> clients;

    Load(Stage stage, long seed) {
        this(stage, seed, "load");
    }

    /** @param prefix of the names of the volumes */
    Load(Stage stage, long seed, String prefix) {
        this.stage = stage;
        this.volumes =
                IntStream.range(0, VOLUMES).mapToObj(each -> prefix + each).toList();
        this.clients = IntStream.range(0, CLIENTS)
                .mapToObj(number -> new Client(number, stage.api(), volumes, contention, seed))
                .toList();
    }

    List<String> volumes() {
        return volumes;
    }

    Contention contention() {
        return contention;
    }

    List<Ledger> ledgers() {
        return clients.stream().map(Client::ledger).toList();
    }

    List<String> violations() {
        return clients.stream().flatMap(client -> client.violations().stream()).toList();
    }

    /** See {@link Client#expectTroubles}. */
    void expectTroubles(String... codes) {
        clients.forEach(client -> client.expectTroubles(Set.of(codes)));
    }

    int acknowledged() {
        return clients.stream().mapToInt(Client::acknowledged).sum();
    }

    /** Makes the volumes and what stands in them from the beginning. */
    void begin() throws InterruptedException {
        volumes.forEach(stage::volume);
        for (String volume : volumes) {
            Programs.run(
                    "cp",
                    "/etc/hostname",
                    stage.root().resolve(volume).resolve("file").toString());
        }
        all(Client::begin);
    }

    /** Lets all clients work until it is over or the appliance is gone, and waits for them. */
    void run(BooleanSupplier goOn, Runnable meanwhile) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            clients.forEach(client -> all.add(threads.submit(() -> client.work(goOn))));
            meanwhile.run();
            await(all);
        }
    }

    private void all(java.util.function.Consumer<Client> work) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            clients.forEach(client -> all.add(threads.submit(() -> work.accept(client))));
            await(all);
        }
    }

    private static void await(List<Future<?>> all) throws InterruptedException {
        for (Future<?> each : all) {
            try {
                each.get();
            } catch (ExecutionException failed) {
                throw new AssertionError("a client broke", failed.getCause());
            }
        }
    }
}
