package io.varve.browse;

import io.varve.browse.DirectoryPair.Pair;
import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.Work;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Says how one name differs between two directories, with as few looks as will do. For one thread. */
final class Comparison {
    private static final int BLOCK = 512;
    private static final RawName SELF = RawName.of(".");

    private final Accuracy accuracy;
    private final Contents contents;

    Comparison(Accuracy accuracy, Work work) {
        this.accuracy = accuracy;
        this.contents = new Contents(work);
    }

    /** Empty where nothing differs, or where another filesystem is mounted over the name. */
    Optional<Change.Kind> difference(DirectoryPair directories, Pair pair) throws IOException {
        if (pair.before().isEmpty()) {
            return Optional.of(Change.Kind.ADDED);
        }
        if (pair.after().isEmpty()) {
            return Optional.of(Change.Kind.REMOVED);
        }
        FileStat before = pair.before().get();
        FileStat after = pair.after().get();
        if (!directories.own(pair) || isSameFile(before, after)) {
            return Optional.empty();
        }
        if (before.kind() != after.kind()) {
            return Optional.of(Change.Kind.TYPE);
        }
        return difference(directories, pair.name(), before, after);
    }

    private Optional<Change.Kind> difference(DirectoryPair directories, RawName name, FileStat before, FileStat after)
            throws IOException {
        Directory old = directories.before().directory();
        Directory current = directories.after().directory();
        try {
            if (isModified(name, old, before, current, after)) {
                return Optional.of(Change.Kind.MODIFIED);
            }
            boolean meta = haveOtherProperties(before, after)
                    || (!accuracy.trustsAll(before, after) && !sameAttributes(name, old, current));
            return meta ? Optional.of(Change.Kind.META) : Optional.empty();
        } catch (KernelException failure) {
            if (hasChanged(old, name, before) || hasChanged(current, name, after)) {
                return Optional.of(Change.Kind.MODIFIED);
            }
            throw failure;
        }
    }

    /** Whether the directories themselves have the same owner, mode and attributes. */
    boolean sameSelves(DirectoryPair directories) throws IOException {
        Directory old = directories.before().directory();
        Directory current = directories.after().directory();
        FileStat before = old.stat();
        FileStat after = current.stat();
        return !haveOtherProperties(before, after)
                && (accuracy.trustsAll(before, after) || sameAttributes(SELF, old, current));
    }

    /** In a tree that lives, what was looked at may be gone or something else at the next look. */
    private static boolean hasChanged(Directory directory, RawName name, FileStat known) throws IOException {
        return !directory.contains(name) || !directory.stat(name).equals(known);
    }

    /** Two names of one file. Snapshots of btrfs and of thin volumes have the same inodes, but devices of their own. */
    private static boolean isSameFile(FileStat before, FileStat after) {
        return before.inode() == after.inode() && before.device() == after.device();
    }

    private boolean isModified(RawName name, Directory old, FileStat before, Directory current, FileStat after)
            throws IOException {
        return switch (before.kind()) {
            case REGULAR -> before.size() != after.size() || !sameBytes(name, old, before, current, after);
            case SYMLINK ->
                !accuracy.trustsAll(before, after) && !old.readLink(name).equals(current.readLink(name));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> before.special() != after.special();
            case DIRECTORY, FIFO, SOCKET -> false;
        };
    }

    private boolean sameBytes(RawName name, Directory old, FileStat before, Directory current, FileStat after)
            throws IOException {
        if (accuracy.trustsContent(before, after) || before.size() == 0) {
            return true;
        }
        try (Descriptor one = open(old, name);
                Descriptor other = open(current, name)) {
            return contents.equal(one, other, before.size(), isSparse(before) || isSparse(after));
        }
    }

    /** A pipe that has taken the name meanwhile does not block, and fails when it is read. */
    private static Descriptor open(Directory directory, RawName name) throws IOException {
        return directory.openFile(name, 0, OpenFlag.READ, OpenFlag.NON_BLOCKING);
    }

    private static boolean isSparse(FileStat file) {
        return file.blocks() * BLOCK < file.size();
    }

    /** A directory's modification time only says that names in it came or went, which the names themselves say. */
    private static boolean haveOtherProperties(FileStat before, FileStat after) {
        return before.permissions() != after.permissions()
                || before.owner() != after.owner()
                || before.group() != after.group()
                || (!before.isDirectory() && !before.modified().equals(after.modified()));
    }

    private static boolean sameAttributes(RawName name, Directory old, Directory current) throws IOException {
        Map<String, byte[]> before = old.attributes(name);
        Map<String, byte[]> after = current.attributes(name);
        return before.keySet().equals(after.keySet())
                && before.entrySet().stream()
                        .allMatch(each -> Arrays.equals(each.getValue(), after.get(each.getKey())));
    }
}
