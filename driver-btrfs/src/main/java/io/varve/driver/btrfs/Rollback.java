package io.varve.driver.btrfs;

import io.varve.driver.btrfs.StoreRoot.Found;
import io.varve.linux.Descriptor;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.Mounts;
import io.varve.linux.OpenFlag;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a snapshot in a volume's place and keeps what was there.
 *
 * <pre>
 * 1  AREA/VOLUME/UNDO/           a plain directory: this rollback has begun
 * 2  AREA/VOLUME/UNDO/tree       a writable snapshot of the wanted state
 * 3  tree and head change names  (RENAME_EXCHANGE): the switch
 * 4  snapshots/VOLUME/UNDO       a read-only snapshot of tree, now the old head; then tree is removed
 *    or, where tree cannot be removed because subvolumes are in it, or a full disk allows no snapshot:
 *    tree gets that name itself and is made read-only
 * 5  the directory of step 1 is removed
 * </pre>
 *
 * A process that still has a file of the old head open could go on writing to it after it was made read-only (btrfs
 * looks at the flag when a file is opened); so the undo point is a snapshot of its own wherever that can be.
 *
 * <p>The filesystem never gives a subvolume a smaller id than one that exists has. So after a crash the tree with the
 * larger id is the new head, wherever it is found, and {@link #settle} knows which steps were done.
 */
final class Rollback {
    private static final int PRIVATE = 0700;
    private static final int PUBLIC = 0755;

    private final StoreRoot root;
    private final Subvolumes subvolumes;
    private final Path area;

    Rollback(StoreRoot root, Subvolumes subvolumes) {
        this.root = root;
        this.subvolumes = subvolumes;
        this.area = root.layout().driverPrivate().resolve("reverting");
    }

    /** The paths of one rollback. */
    private record Steps(Path head, Path begun, Path tree, Path kept) {}

    private Steps steps(String volume, String undo) {
        Path begun = area.resolve(volume).resolve(undo);
        Path kept = root.layout().snapshots().resolve(volume).resolve(undo);
        return new Steps(root.layout().root().resolve(volume), begun, begun.resolve("tree"), kept);
    }

    /**
     * Makes the content of {@code source} the head. The caller has seen that head and source are there, that
     * {@code undo} is not, and that nothing is mounted in the head.
     *
     * @return what a person should know
     */
    List<String> revert(VolumeName volume, Path source, SnapshotLabel undo, Work work) throws IOException {
        Steps steps = steps(volume.value(), undo.value());
        requireSettled(steps);
        List<String> notCopied = StoreRoot.nested(source);
        prepare(steps, source);
        try {
            Work.checkpoint(work);
            Kernel.exchange(steps.tree, steps.head);
        } catch (IOException | StorageException failure) {
            abandon(steps, failure);
            throw failure;
        }
        List<String> warnings = new ArrayList<>(keepOrSwitchBack(steps));
        if (!notCopied.isEmpty()) {
            warnings.add("the subvolumes " + StoreRoot.some(notCopied) + " of " + source
                    + " are not in the volume; they stay where they are");
        }
        return warnings;
    }

    /** An earlier rollback with the same undo point may have failed so badly that only a new attempt can clear up. */
    private void requireSettled(Steps steps) throws IOException {
        List<String> left = settle(steps);
        if (!left.isEmpty()) {
            throw new StorageException(
                    ErrorCode.BUSY, "an earlier rollback to this undo point is unfinished: " + String.join("; ", left));
        }
    }

    private void prepare(Steps steps, Path source) throws IOException {
        StoreRoot.ensureDirectory(StoreRoot.parent(area), PRIVATE);
        StoreRoot.ensureDirectory(area, PRIVATE);
        StoreRoot.ensureDirectory(StoreRoot.parent(steps.begun), PRIVATE);
        StoreRoot.ensureDirectory(steps.begun, PRIVATE);
        StoreRoot.ensureDirectory(StoreRoot.parent(steps.kept), PUBLIC);
        try {
            subvolumes.snapshot(source, steps.tree, Subvolumes.Access.WRITABLE);
        } catch (IOException | StorageException failure) {
            finish(steps);
            throw failure;
        }
    }

    private List<String> keepOrSwitchBack(Steps steps) throws IOException {
        try {
            return keep(steps);
        } catch (IOException | StorageException failure) {
            switchBack(steps, failure);
            throw failure;
        }
    }

    /** Steps 4 and 5. */
    private List<String> keep(Steps steps) throws IOException {
        List<String> nested = StoreRoot.nested(steps.tree);
        if (nested.isEmpty() && isCopied(steps)) {
            return discard(steps);
        }
        Kernel.renameNew(steps.tree, steps.kept);
        seal(steps);
        return nested.isEmpty() ? List.of() : List.of(movedAlong(nested, steps.kept));
    }

    private boolean isCopied(Steps steps) throws IOException {
        try {
            subvolumes.snapshot(steps.tree, steps.kept, Subvolumes.Access.READ_ONLY);
            return true;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOSPC) {
                return false;
            }
            throw failure;
        }
    }

    private void seal(Steps steps) throws IOException {
        subvolumes.makeReadOnly(steps.kept);
        finish(steps);
        try (Descriptor kept = Kernel.open(steps.kept, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            kept.syncFilesystem();
        }
    }

    private static String movedAlong(List<String> nested, Path kept) {
        return "the volume held the subvolumes " + StoreRoot.some(nested) + "; snapshots do not contain such, so they"
                + " went along with the old state and are below " + kept
                + " now; that snapshot cannot be removed while they are there";
    }

    /** Removes the tree and the directory it is in; what does not go now goes when the store is opened next. */
    private List<String> discard(Steps steps) throws IOException {
        try {
            Mounts.requireNoneWithin(steps.tree, "cannot remove " + steps.tree);
            subvolumes.delete(steps.tree);
            finish(steps);
            return List.of();
        } catch (IOException | StorageException failure) {
            return List.of("what a rollback left at " + steps.begun + " stays until the store is opened again: "
                    + failure.getMessage());
        }
    }

    private static void finish(Steps steps) throws IOException {
        StoreRoot.removeIfEmpty(steps.begun);
        StoreRoot.removeIfEmpty(StoreRoot.parent(steps.begun));
    }

    private void abandon(Steps steps, Exception failure) {
        try {
            subvolumes.delete(steps.tree);
            finish(steps);
        } catch (IOException | StorageException stuck) {
            failure.addSuppressed(stuck);
        }
    }

    /** The head is the new state, but the old one could not be kept: as if nothing had been. */
    private void switchBack(Steps steps, Exception failure) {
        try {
            if (root.isSubvolume(steps.tree) && !isCopyOf(steps.kept, steps.tree)) {
                Kernel.exchange(steps.tree, steps.head);
                abandon(steps, failure);
                StoreRoot.sync(StoreRoot.parent(steps.head));
            }
        } catch (IOException | StorageException stuck) {
            failure.addSuppressed(stuck);
        }
    }

    /**
     * Finishes what had reached its switch and undoes what had not.
     *
     * @return what could not be cleaned away, for people
     */
    List<String> settleAll() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path volume : StoreRoot.entries(area)) {
            for (Path undo : StoreRoot.entries(volume)) {
                problems.addAll(settle(steps(StoreRoot.name(volume), StoreRoot.name(undo))));
            }
            StoreRoot.removeIfEmpty(volume);
        }
        return problems;
    }

    private List<String> settle(Steps steps) throws IOException {
        if (!root.isSubvolume(steps.tree)) {
            settleRenamed(steps);
            return List.of();
        }
        Found head = root.look(steps.head);
        if (head == Found.MOUNTED) {
            return List.of("an unfinished rollback waits at " + steps.begun + " until the store is opened while nothing"
                    + " is mounted over " + steps.head);
        }
        if (head == Found.SUBVOLUME && isYounger(steps.tree, steps.head)) {
            return discard(steps);
        }
        if (root.look(steps.kept) == Found.ABSENT) {
            StoreRoot.ensureDirectory(StoreRoot.parent(steps.kept), PUBLIC);
            return keep(steps);
        }
        return isCopyOf(steps.kept, steps.tree) ? discard(steps) : List.of(unnamed(steps));
    }

    private static boolean isYounger(Path one, Path other) throws IOException {
        return StoreRoot.info(one).id() > StoreRoot.info(other).id();
    }

    /** The tree is gone: it has its last name already, or there never was one. */
    private void settleRenamed(Steps steps) throws IOException {
        if (!Kernel.exists(steps.begun)) {
            return;
        }
        if (root.isSubvolume(steps.kept) && !StoreRoot.info(steps.kept).readOnly()) {
            seal(steps);
        }
        finish(steps);
    }

    private boolean isCopyOf(Path snapshot, Path tree) throws IOException {
        return root.isSubvolume(snapshot)
                && StoreRoot.info(snapshot).parent().equals(StoreRoot.info(tree).uuid());
    }

    private static String unnamed(Steps steps) {
        return "the state a volume had before an unfinished rollback is at " + steps.tree + ", because its place "
                + steps.kept + " is taken by something else; move or remove one of them and open the store again";
    }
}
