package io.varve.conformance;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes a directory tree of everything that is hard to copy: odd names, hard links, all kinds of symlinks, sparse files,
 * fifos, device nodes, set-id modes, odd owners, extended attributes, ACLs, times before 1970 and to the nanosecond,
 * empty and deep directories.
 *
 * <p>The same seed and count give the same tree. Without root there are no device nodes, foreign owners or privileged
 * attributes; what the filesystem cannot hold is left out.
 */
public final class WildTree {
    /** In a tree of at least so many entries every kind of thing comes several times. */
    public static final int EVERY_KIND = 100;

    private static final int OWNER_ALL = 0700;
    private static final RawName ROOT = RawName.of("");

    /** The kinds of things, each made in turn. */
    private enum Thing {
        FILE,
        DIRECTORY,
        EMPTY_DIRECTORY,
        DEEP_DIRECTORY,
        DANGLING_SYMLINK,
        ABSOLUTE_SYMLINK,
        UPWARD_SYMLINK,
        HARD_LINK,
        SPARSE_FILE,
        FIFO,
        DEVICE,
        ATTRIBUTES,
        ACL,
        ODD_MODE
    }

    private final Directory root;
    private final Random random;
    private final WildNames names;
    private final WildAttributes attributes;
    private final List<RawName> directories = new ArrayList<>(List.of(ROOT));
    private final List<RawName> linkable = new ArrayList<>();
    private final List<RawName> all = new ArrayList<>();

    private WildTree(Directory root, Random random) {
        this.root = root;
        this.random = random;
        this.names = new WildNames(random);
        this.attributes = new WildAttributes(random);
    }

    /** Fills an empty directory with at least {@code count} entries. */
    public static void create(Path tree, long seed, int count) throws IOException {
        try (Directory root = Directory.open(tree)) {
            WildTree wild = new WildTree(root, new Random(seed));
            for (int i = 0; i < count; i++) {
                wild.make(Thing.values()[i % Thing.values().length], i);
            }
            wild.setTimes();
        }
    }

    private void make(Thing thing, int number) throws IOException {
        RawName parent = directories.get(random.nextInt(directories.size()));
        RawName name = names.next(number);
        RawName path = parent.resolve(name);
        try (Directory directory = root.openBeneath(parent)) {
            if (make(thing, directory, name, path)) {
                all.add(path);
            }
        }
    }

    /** Whether something was made. */
    private boolean make(Thing thing, Directory directory, RawName name, RawName path) throws IOException {
        switch (thing) {
            case FILE -> file(directory, name, path, random.nextInt(20_000));
            case DIRECTORY -> directory(directory, name, path);
            case EMPTY_DIRECTORY -> directory.makeDirectory(name, 0755);
            case DEEP_DIRECTORY -> deep(directory, name, path);
            case DANGLING_SYMLINK -> directory.makeSymlink(name, RawName.of("nowhere/\u00fc" + random.nextInt()));
            case ABSOLUTE_SYMLINK -> directory.makeSymlink(name, RawName.of("/etc/../etc//hosts"));
            case UPWARD_SYMLINK -> directory.makeSymlink(name, RawName.of("../../" + "up/".repeat(50) + "."));
            case HARD_LINK -> {
                return link(directory, name);
            }
            case SPARSE_FILE -> sparse(directory, name);
            case FIFO -> directory.makeNode(name, FileKind.FIFO, 0640, 0);
            case DEVICE -> {
                return device(directory, name);
            }
            case ATTRIBUTES -> {
                writable(directory, name, path, 10);
                attributes.plain(directory, name);
                directory.setPermissions(name, 0444);
            }
            case ACL -> {
                writable(directory, name, path, 0);
                attributes.acl(directory, name);
            }
            case ODD_MODE -> oddMode(directory, name, path);
        }
        return true;
    }

    private void file(Directory directory, RawName name, RawName path, int size) throws IOException {
        writable(directory, name, path, size);
        directory.setPermissions(name, 0400 | random.nextInt(01000));
    }

    /** A file that everybody can still give attributes. */
    private void writable(Directory directory, RawName name, RawName path, int size) throws IOException {
        byte[] content = new byte[size];
        random.nextBytes(content);
        try (Descriptor file = directory.openFile(name, 0600, OpenFlag.WRITE, OpenFlag.NEW)) {
            file.write(direct(content), 0);
        }
        linkable.add(path);
        own(directory, name);
    }

    private void directory(Directory directory, RawName name, RawName path) throws IOException {
        directory.makeDirectory(name, 0755);
        own(directory, name);
        if (random.nextBoolean()) {
            attributes.plain(directory, name);
        }
        if (random.nextBoolean()) {
            directory.setPermissions(name, OWNER_ALL | 01000 | random.nextInt(01000));
        }
        if (random.nextInt(4) == 0) {
            attributes.defaultAcl(directory, name);
        }
        if (path.length() < 1500) {
            directories.add(path);
        }
    }

    /** Deep, but with a path that programs which know PATH_MAX still take. */
    private void deep(Directory directory, RawName name, RawName path) throws IOException {
        directory.makeDirectory(name, 0755);
        RawName at = path;
        while (at.length() < 2500) {
            RawName next = RawName.of("d".repeat(1 + random.nextInt(250)));
            try (Directory parent = root.openBeneath(at)) {
                parent.makeDirectory(next, 0755);
            }
            at = at.resolve(next);
            all.add(at);
        }
        try (Directory bottom = root.openBeneath(at)) {
            RawName last = RawName.of("at the bottom");
            file(bottom, last, at.resolve(last), 100);
            all.add(at.resolve(last));
        }
    }

    private boolean link(Directory directory, RawName name) throws IOException {
        if (linkable.isEmpty()) {
            return false;
        }
        RawName existing = linkable.get(random.nextInt(linkable.size()));
        int cut = existing.latin1().lastIndexOf('/');
        RawName parent = RawName.ofLatin1(existing.latin1().substring(0, Math.max(0, cut)));
        try (Directory from = root.openBeneath(parent)) {
            directory.makeLink(name, from, RawName.ofLatin1(existing.latin1().substring(cut + 1)));
        }
        return true;
    }

    /** Data with holes before, between and after; or nothing but a hole. */
    private void sparse(Directory directory, RawName name) throws IOException {
        try (Descriptor file = directory.openFile(name, 0600, OpenFlag.WRITE, OpenFlag.NEW)) {
            for (int piece = random.nextInt(4); piece > 0; piece--) {
                byte[] content = new byte[1 + random.nextInt(9000)];
                random.nextBytes(content);
                file.write(direct(content), random.nextInt(3 << 20));
            }
            file.truncate((3 << 20) + random.nextInt(1 << 20));
        }
    }

    private boolean device(Directory directory, RawName name) throws IOException {
        if (!Kernel.isRoot()) {
            return false;
        }
        // XFS holds minor numbers of 18 bits.
        boolean character = random.nextBoolean();
        long number = character ? FileStat.makeDevice(1, 3) : FileStat.makeDevice(259, 262_143);
        directory.makeNode(name, character ? FileKind.CHARACTER_DEVICE : FileKind.BLOCK_DEVICE, 0600, number);
        own(directory, name);
        return true;
    }

    private void oddMode(Directory directory, RawName name, RawName path) throws IOException {
        writable(directory, name, path, 5);
        attributes.capability(directory, name);
        int[] modes = {06755, 04711, 02755, 01666, 0444};
        directory.setPermissions(name, modes[random.nextInt(modes.length)]);
        if (Kernel.isRoot() && random.nextBoolean()) {
            directory.setPermissions(name, 0);
        }
    }

    /** Small, ordinary and, beyond what a tar header holds, very large numbers. */
    private void own(Directory directory, RawName name) throws IOException {
        int[] owners = {0, 1, 1000, 65_534, 3_000_000, (int) 4_000_000_000L};
        if (Kernel.isRoot()) {
            directory.setOwner(name, owners[random.nextInt(6)], owners[random.nextInt(6)]);
        }
    }

    private void setTimes() throws IOException {
        for (RawName path : all) {
            int cut = path.latin1().lastIndexOf('/');
            try (Directory parent =
                    root.openBeneath(RawName.ofLatin1(path.latin1().substring(0, Math.max(0, cut))))) {
                parent.setModified(RawName.ofLatin1(path.latin1().substring(cut + 1)), time());
            }
        }
        root.setModified(RawName.of("."), Instant.ofEpochSecond(1_234_567_890, 987_654_321));
    }

    /** From 1922 to 2037, which every filesystem holds; one in four on a whole second. */
    private Instant time() {
        long second = random.nextLong(-1_500_000_000L, 2_140_000_000L);
        return Instant.ofEpochSecond(second, random.nextInt(4) == 0 ? 0 : random.nextInt(1_000_000_000));
    }

    private static ByteBuffer direct(byte[] content) {
        return ByteBuffer.allocateDirect(content.length).put(content).flip();
    }

    /** Runs a step that some filesystems and users are not allowed. */
    static void where(Step step) throws IOException {
        try {
            step.run();
        } catch (KernelException refused) {
            if (refused.errno() != Errno.EOPNOTSUPP && refused.errno() != Errno.EPERM) {
                throw refused;
            }
        }
    }

    /** One call to the kernel. */
    interface Step {
        void run() throws IOException;
    }
}
