package io.varve.driver.btrfs;

import io.varve.spi.Availability;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@link UnprivilegedTest} runs as another user: {@code probe ROOT}, {@code life ROOT} or {@code sudo DIRECTORY}. */
final class UnprivilegedChild {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private UnprivilegedChild() {}

    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "probe" -> probe(path);
            case "life" -> life(new TestStore(path));
            case "sudo" -> sudo(path);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void probe(Path root) {
        switch (new BtrfsDriverProvider().probe(root)) {
            case Availability.Available available -> OUT.println("available");
            case Availability.Unavailable not -> OUT.println(not.code() + " " + not.reason());
        }
    }

    /** Everything a store does, once. */
    private static void life(TestStore store) throws IOException {
        store.volume("old").snapshot(TestStore.ONE);
        store.write("new").revert(TestStore.ONE);
        OUT.println(store.content() + " " + store.content(TestStore.UNDO));
        Files.writeString(store.driver.begin(TestStore.SHOP, TestStore.TWO, 0).resolve("file"), "imported");
        store.driver.commit(TestStore.SHOP, TestStore.TWO);
        OUT.println(store.driver.capabilities().size() + " " + trySend(store));
        for (SnapshotLabel label : store.driver.snapshots(TestStore.SHOP)) {
            store.driver.deleteSnapshot(TestStore.SHOP, label);
        }
        store.driver.deleteVolume(TestStore.SHOP);
        OUT.println("left " + store.driver.volumes() + store.remains() + StoreRoot.entries(store.layout.snapshots()));
    }

    private static String trySend(TestStore store) {
        try {
            store.driver.send(
                    TestStore.SHOP, TestStore.TWO, Optional.empty(), OutputStream.nullOutputStream(), Work.unwatched());
            return "sent";
        } catch (StorageException refused) {
            return refused.code().name();
        }
    }

    /** Works on root's subvolumes {@code theirs} and {@code gone}, and says what it would have sudo run. */
    private static void sudo(Path directory) throws IOException {
        Subvolumes subvolumes = new SudoSubvolumes(new IoctlSubvolumes(), Path.of("/usr/bin/btrfs"), command -> {
            OUT.println(String.join(" ", command));
            return List.of("/usr/bin/true");
        });
        subvolumes.create(directory.resolve("mine"));
        subvolumes.snapshot(directory.resolve("mine"), directory.resolve("copy"), Subvolumes.Access.READ_ONLY);
        subvolumes.snapshot(directory.resolve("theirs"), directory.resolve("read"), Subvolumes.Access.READ_ONLY);
        subvolumes.snapshot(directory.resolve("theirs"), directory.resolve("write"), Subvolumes.Access.WRITABLE);
        try {
            subvolumes.snapshot(directory.resolve("theirs"), directory.resolve("mine"), Subvolumes.Access.READ_ONLY);
        } catch (IOException failure) {
            OUT.println("taken: " + Subvolumes.isTaken(failure));
        }
        subvolumes.makeReadOnly(directory.resolve("theirs"));
        subvolumes.delete(directory.resolve("gone"));
    }
}
