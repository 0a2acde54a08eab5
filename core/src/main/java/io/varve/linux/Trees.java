package io.varve.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Work on whole directory trees. */
public final class Trees {
    private Trees() {}

    /**
     * Removes a tree of any depth. Nothing is removed beyond a mount point or on another device (a nested btrfs
     * subvolume): what stands there, and the directories above it, stay, and the call fails with EBUSY. An absent tree
     * is a success, and so is what somebody else removes meanwhile.
     *
     * @throws KernelException EBUSY names the first mount point or foreign tree found
     */
    public static void remove(Path tree) throws IOException {
        remove(tree, () -> false);
    }

    /**
     * {@link #remove(Path)} that can be stopped half-way; a later call goes on from there.
     *
     * @param stop asked before each name; cheap
     * @throws InterruptedIOException where it was stopped
     */
    public static void remove(Path tree, BooleanSupplier stop) throws IOException {
        Path parent = tree.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the root directory is nobody's to remove");
        }
        if (!Kernel.exists(tree)) {
            return;
        }
        RawName name = RawName.of(tree.getFileName().toString());
        try (Directory directory = Directory.open(parent)) {
            TreeRemoval.remove(directory, name, stop);
        }
    }
}
