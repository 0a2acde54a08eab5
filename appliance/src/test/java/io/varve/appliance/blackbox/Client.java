package io.varve.appliance.blackbox;

import io.varve.appliance.blackbox.Ledger.Truth;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One client of a load: snapshots, tags, untags, lists and removes what is its own, and races with the others for the rest.
 * It keeps a ledger of what it was told, and stops when the appliance goes away.
 */
final class Client {
    private static final int PATIENCE = 10;
    private static final List<String> SHARED_TAGS = List.of("latest", "stable");

    private final int number;
    private final Api api;
    private final List<String> volumes;
    private final Contention contention;
    private final Random random;
    private final Ledger ledger = new Ledger();
    private final List<String> violations = new ArrayList<>();
    private Set<String> troubles = Set.of();
    private int serial;
    private int acknowledged;

    Client(int number, Api api, List<String> volumes, Contention contention, long seed) {
        this.number = number;
        this.api = api;
        this.volumes = List.copyOf(volumes);
        this.contention = contention;
        this.random = new Random(seed + number);
    }

    Ledger ledger() {
        return ledger;
    }

    /** What was answered that must not be. */
    List<String> violations() {
        return violations;
    }

    /** From now on, that these codes are answered is no violation; what was asked may or may not have been done then. */
    void expectTroubles(Set<String> codes) {
        troubles = Set.copyOf(codes);
    }

    int acknowledged() {
        return acknowledged;
    }

    /** The snapshots that carry the shared tags and are never removed. */
    static String pillar(int client) {
        return "pillar-" + client;
    }

    private static String path(String volume) {
        return "/api/v1/stores/default/volumes/" + volume;
    }

    private static String path(Labelled key) {
        return path(key.volume()) + "/snapshots/" + key.label();
    }

    /** Makes its pillar in every volume. */
    void begin() {
        for (String volume : volumes) {
            Labelled pillar = new Labelled(volume, pillar(number));
            api.post(path(volume) + "/snapshots", "{'label':'" + pillar.label() + "'}")
                    .expect(201);
            ledger.note(pillar, Truth.YES);
        }
    }

    void work(BooleanSupplier goOn) {
        try {
            while (goOn.getAsBoolean()) {
                step();
            }
        } catch (UncheckedIOException gone) {
            // The appliance was killed; what was asked last stays open in the ledger.
        }
    }

    private void step() {
        int dice = random.nextInt(100);
        List<Labelled> own = own();
        if (own.size() > PATIENCE) {
            remove(pick(own));
        } else if (own.isEmpty() || dice < 40) {
            create();
        } else if (dice < 55) {
            tag(pick(own));
        } else if (dice < 65) {
            untag(pick(own));
        } else if (dice < 75) {
            list();
        } else if (dice < 85) {
            remove(pick(own));
        } else if (dice < 90) {
            race();
        } else {
            wander();
        }
    }

    private List<Labelled> own() {
        return ledger.present().stream()
                .filter(key -> !key.label().startsWith("pillar"))
                .toList();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private void create() {
        serial++;
        Labelled key = new Labelled(pick(volumes), "c" + number + "-" + serial);
        boolean tagged = random.nextBoolean();
        String tag = "t" + number + "-" + serial;
        String tags = tagged ? ",'tags':['" + tag + "']" : "";
        ledger.note(key, Truth.MAYBE);
        if (tagged) {
            ledger.note(key, tag, Truth.MAYBE);
        }
        Reply reply = api.post(path(key.volume()) + "/snapshots", "{'label':'" + key.label() + "'" + tags + "}");
        Truth made = judge(reply, 201, "BUSY");
        ledger.note(key, made);
        if (tagged) {
            ledger.note(key, tag, made);
        }
    }

    private void tag(Labelled key) {
        serial++;
        String tag = "t" + number + "-" + serial;
        ledger.note(key, tag, Truth.MAYBE);
        ledger.note(key, tag, judge(api.put(path(key) + "/tags/" + tag), 200));
    }

    private void untag(Labelled key) {
        List<String> tags = ledger.tags(key);
        if (!tags.isEmpty()) {
            String tag = pick(tags);
            ledger.note(key, tag, Truth.MAYBE);
            ledger.note(key, tag, not(judge(api.delete(path(key.volume()) + "/tags/" + tag), 200)));
        }
    }

    private void remove(Labelled key) {
        ledger.note(key, Truth.MAYBE);
        List<String> tags = ledger.tags(key);
        tags.forEach(tag -> ledger.note(key, tag, Truth.MAYBE));
        Truth gone = judge(api.delete(path(key)), 204, "BUSY");
        ledger.note(key, not(gone));
        tags.forEach(tag -> ledger.note(key, tag, not(gone)));
    }

    /** Whatever the others do meanwhile, the own things are all in the list. */
    private void list() {
        String volume = pick(volumes);
        Reply reply = api.get(path(volume) + "/snapshots");
        if (judge(reply, 200) == Truth.YES) {
            List<String> labels = reply.items("label");
            own().stream()
                    .filter(key -> key.volume().equals(volume) && !labels.contains(key.label()))
                    .forEach(key -> violations.add(key + " is not in the list that its maker sees"));
        }
    }

    private void race() {
        Labelled key = new Labelled(volumes.getFirst(), contention.label());
        attempt(() -> contention.leftOpen(key), () -> {
            Reply reply = api.post(path(key.volume()) + "/snapshots", "{'label':'" + key.label() + "'}");
            switch (judge(reply, 201, "BUSY", "SNAPSHOT_EXISTS")) {
                case YES -> contention.won(key);
                case MAYBE -> contention.leftOpen(key);
                case NO -> {}
            }
        });
    }

    private void wander() {
        String volume = pick(volumes);
        String tag = pick(SHARED_TAGS);
        Labelled pillar = new Labelled(volume, pillar(number));
        attempt(() -> contention.leftOpen(volume, tag), () -> {
            boolean giving = random.nextBoolean();
            Truth done = giving
                    ? judge(api.put(path(pillar) + "/tags/" + tag), 200, "TAG_EXISTS")
                    : judge(api.delete(path(volume) + "/tags/" + tag), 200, "TAG_NOT_FOUND");
            switch (done) {
                case YES -> contention.moved(volume, tag, giving ? 1 : -1);
                case MAYBE -> contention.leftOpen(volume, tag);
                case NO -> {}
            }
        });
    }

    private static void attempt(Runnable unanswered, Runnable work) {
        try {
            work.run();
        } catch (UncheckedIOException gone) {
            unanswered.run();
            throw gone;
        }
    }

    /** Whether it was done; what is neither done nor refused for one of these reasons is a violation. */
    private Truth judge(Reply reply, int done, String... reasons) {
        acknowledged++;
        if (reply.status() == done) {
            return Truth.YES;
        }
        if (troubles.contains(reply.code())) {
            pause();
            return Truth.MAYBE;
        }
        if (!List.of(reasons).contains(reply.code())) {
            violations.add(reply.toString());
        }
        return Truth.NO;
    }

    /** A failure ends the connection, and the HTTP client never gives the descriptors of one back. */
    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Truth not(Truth truth) {
        return switch (truth) {
            case YES -> Truth.NO;
            case NO -> Truth.YES;
            case MAYBE -> Truth.MAYBE;
        };
    }
}
