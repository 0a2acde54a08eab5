package io.varve.archive;

import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds a tree from the entries of an archive. Every entry is made new, in a directory that is opened from the root
 * without following a symlink or crossing a mount, so nothing that is there is ever replaced or written through.
 *
 * <p>A directory gets its owner, mode, ACLs and time when the stream has left it, because what is made inside would
 * change them again; only the directories above the current entry are remembered.
 */
final class TreeImport implements AutoCloseable {
    /** What mkfs.ext4 makes in a fresh filesystem. */
    private static final RawName LOST_AND_FOUND = RawName.of("lost+found");

    private static final int OWNER_ALL = 0700;

    private final Directory root;
    private final FileImport files;
    private final Restorer restorer;
    private final Warnings warnings;
    private final Deque<TarMember> unfinished = new ArrayDeque<>();
    private Optional<TarMember> rootMember = Optional.empty();
    private boolean lostAndFoundPremade;
    private boolean nodesRefused;
    private Directory parent;
    private RawName parentPath = TarMember.NOTHING;
    private long entries;

    TreeImport(Path tree, Warnings warnings, Progress progress) throws IOException {
        this.root = Directory.open(tree);
        this.parent = root;
        this.restorer = new Restorer(warnings);
        this.files = new FileImport(progress);
        this.warnings = warnings;
        try {
            requireEmpty(tree);
        } catch (IOException | RuntimeException failure) {
            root.close();
            throw failure;
        }
    }

    private void requireEmpty(Path tree) throws IOException {
        List<RawName> names = root.names();
        lostAndFoundPremade = names.equals(List.of(LOST_AND_FOUND))
                && root.stat(LOST_AND_FOUND).isDirectory();
        if (!names.isEmpty() && !lostAndFoundPremade) {
            throw new StorageException(
                    ErrorCode.REQUEST_INVALID, "cannot import into '" + tree + "': something is there already");
        }
    }

    long entries() {
        return entries;
    }

    /** Makes one entry. */
    void entry(TarMember member, TarReader data) throws IOException {
        entries++;
        try {
            if (member.name().length() == 0) {
                root(member);
            } else {
                enter(TreePath.parent(member.name()));
                make(member, TreePath.name(member.name()), data);
            }
        } catch (KernelException failure) {
            throw refusal(member, failure);
        }
    }

    private void root(TarMember member) throws IOException {
        if (rootMember.isPresent()) {
            throw Invalid.member(member.name(), "is the volume's root for the second time");
        }
        rootMember = Optional.of(begun(root, TreePath.SELF, member));
    }

    private void make(TarMember member, RawName name, TarReader data) throws IOException {
        switch (member.type()) {
            case DIRECTORY -> directory(member, name);
            case HARD_LINK -> link(member, name);
            case REGULAR -> {
                files.write(parent, name, member, data);
                restorer.restore(parent, name, member);
            }
            case SYMLINK -> symlink(member, name);
            case FIFO -> node(member, name, FileKind.FIFO);
            case CHARACTER_DEVICE -> node(member, name, FileKind.CHARACTER_DEVICE);
            case BLOCK_DEVICE -> node(member, name, FileKind.BLOCK_DEVICE);
        }
    }

    private void directory(TarMember member, RawName name) throws IOException {
        if (lostAndFoundPremade && member.name().equals(LOST_AND_FOUND)) {
            lostAndFoundPremade = false;
        } else {
            parent.makeDirectory(name, OWNER_ALL);
        }
        unfinished.push(begun(parent, name, member));
    }

    /** Sets what does not depend on what the directory will hold, and returns what is left to set. */
    private TarMember begun(Directory directory, RawName name, TarMember member) throws IOException {
        restorer.attributes(directory, name, member, member.plainAttributes());
        return member.with(member.acls());
    }

    private void symlink(TarMember member, RawName name) throws IOException {
        if (TreePath.isBadLinkText(member.link())) {
            throw Invalid.member(member.name(), "is a symlink with an empty or too long text");
        }
        parent.makeSymlink(name, member.link());
        restorer.restore(parent, name, member);
    }

    private void node(TarMember member, RawName name, FileKind kind) throws IOException {
        if (restorer.allowed(member, "a " + kind, () -> parent.makeNode(name, kind, 0600, member.device()))) {
            restorer.restore(parent, name, member);
        } else {
            nodesRefused = true;
        }
    }

    private void link(TarMember member, RawName name) throws IOException {
        RawName existing = TreePath.name(member.link());
        try (Directory from = TreePath.open(root, TreePath.parent(member.link()))) {
            if (nodesRefused && !from.contains(existing)) {
                warnings.add(member.name(), "it is a link to something that could not be made");
                return;
            }
            FileKind kind = from.stat(existing).kind();
            if (kind == FileKind.SYMLINK || kind == FileKind.DIRECTORY) {
                throw Invalid.member(member.name(), "is a hard link to a symlink or directory");
            }
            parent.makeLink(name, from, existing);
        }
    }

    /** Makes {@code path} the directory that entries are made in, and finishes those that are left by that. */
    private void enter(RawName path) throws IOException {
        if (path.equals(parentPath)) {
            return;
        }
        finishAllBut(path);
        leave();
        parent = TreePath.open(root, path);
        parentPath = path;
        boolean known = path.length() == 0
                || (!unfinished.isEmpty() && unfinished.element().name().equals(path));
        if (!known) {
            unfinished.push(reopened(path));
        }
    }

    private void leave() {
        if (parent != root) {
            parent.close();
        }
        parent = root;
        parentPath = TarMember.NOTHING;
    }

    /**
     * A finished directory that gets one more entry, which archives of other programs may do: what the entry would
     * change or inherit is taken from the disk, to be set again.
     */
    private TarMember reopened(RawName path) throws IOException {
        FileStat stat = parent.stat();
        Map<String, byte[]> acls = new HashMap<>(parent.attributes(TreePath.SELF));
        acls.keySet().retainAll(Keywords.ACLS.values());
        for (String acl : acls.keySet()) {
            parent.removeAttribute(TreePath.SELF, acl);
        }
        parent.setPermissions(TreePath.SELF, stat.permissions() | OWNER_ALL);
        return TarMember.directory(
                path,
                stat.permissions(),
                Integer.toUnsignedLong(stat.owner()),
                Integer.toUnsignedLong(stat.group()),
                stat.modified(),
                acls);
    }

    private void finishAllBut(RawName path) throws IOException {
        while (!unfinished.isEmpty()
                && !TreePath.isSelfOrBelow(path, unfinished.element().name())) {
            finish(unfinished.pop());
        }
    }

    private void finish(TarMember directory) throws IOException {
        try (Directory above = TreePath.open(root, TreePath.parent(directory.name()))) {
            restorer.restore(above, TreePath.name(directory.name()), directory);
        }
    }

    /** Finishes all directories, the root last. */
    void finish() throws IOException {
        leave();
        while (!unfinished.isEmpty()) {
            finish(unfinished.pop());
        }
        if (rootMember.isPresent()) {
            restorer.restore(root, TreePath.SELF, rootMember.get());
        }
    }

    private static StorageException refusal(TarMember member, KernelException failure) {
        return switch (failure.errno()) {
            case EEXIST -> Invalid.member(member.name(), "is there already: the archive names it twice");
            case ENOENT -> Invalid.member(member.name(), "needs a directory or file that does not come before it");
            case ELOOP, EXDEV, ENOTDIR ->
                Invalid.member(member.name(), "leads through something that is no directory of the volume");
            case EINVAL, EFBIG ->
                Invalid.member(member.name(), "asks for what the kernel refuses: " + failure.getMessage());
            default ->
                KernelException.storage("cannot import '" + Printable.name(member.name()) + "'", failure)
                        .with("member", Printable.name(member.name()));
        };
    }

    @Override
    public void close() {
        leave();
        root.close();
    }
}
