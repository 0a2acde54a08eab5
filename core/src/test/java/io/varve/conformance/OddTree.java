package io.varve.conformance;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A tree with one of everything that copies get wrong. What only root can make is there for root alone. */
final class OddTree {
    /** All of it is below this name. */
    static final String TOP = "odd";

    static final long SPARSE_SIZE = 32L << 20;
    private static final Instant TIME = Instant.parse("2001-02-03T04:05:06.123456789Z");
    private static final List<RawName> NAMES = List.of(
            RawName.of(" leading and trailing "),
            RawName.of("-dash"),
            RawName.of("--exclude=*"),
            RawName.of("line\nbreak\ttab"),
            RawName.of("star*?[a]{b}"),
            RawName.of("quote'\"`$(x)\\"),
            RawName.of("ümläut"),
            RawName.of("u\u0308 decomposed"),
            RawName.of(new byte[] {'x', (byte) 0xff, (byte) 0x80, 0x01}),
            RawName.of(".hidden"),
            RawName.of("~"),
            RawName.of("n".repeat(255)));

    private final Directory top;

    private OddTree(Directory top) {
        this.top = top;
    }

    static void make(Path parent) {
        try {
            Files.createDirectory(parent.resolve(TOP));
            try (Directory above = Directory.open(parent);
                    Directory top = Directory.open(parent.resolve(TOP))) {
                new OddTree(top).fill();
                above.setModified(RawName.of(TOP), TIME);
            }
        } catch (IOException failure) {
            throw new AssertionError("cannot make a tree in " + parent, failure);
        }
    }

    private void fill() throws IOException {
        for (RawName name : NAMES) {
            file(name, "the file called " + name);
        }
        modes();
        links();
        special();
        sparse();
        attributes();
        deep();
    }

    private void file(RawName name, String text) throws IOException {
        try (Descriptor file = top.openFile(name, 0644, OpenFlag.WRITE, OpenFlag.NEW)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            file.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), 0);
        }
        top.setModified(name, TIME.plusNanos(name.length()));
    }

    private void modes() throws IOException {
        RawName file = RawName.of("set-user-ID");
        file(file, "mode");
        RawName sticky = RawName.of("sticky directory");
        top.makeDirectory(sticky, 0700);
        if (Kernel.isRoot()) {
            top.setOwner(file, 12345, 54321);
            top.setOwner(sticky, 1, 2);
        }
        top.setPermissions(file, Kernel.isRoot() ? 06222 : 06644);
        top.setPermissions(sticky, 01705);
        top.setModified(file, TIME);
        top.setModified(sticky, Instant.EPOCH);
    }

    private void links() throws IOException {
        file(RawName.of("linked"), "one file, three names");
        top.makeDirectory(RawName.of("elsewhere"), 0755);
        try (Directory elsewhere = top.openDirectory(RawName.of("elsewhere"))) {
            elsewhere.makeLink(RawName.of("second name"), top, RawName.of("linked"));
        }
        top.makeLink(RawName.of("third name"), top, RawName.of("linked"));
        symlink("dangling", RawName.of("nowhere/at all"));
        symlink("absolute", RawName.of("/etc/passwd"));
        symlink("upwards", RawName.of("../../.."));
        symlink("self", RawName.of("self"));
        symlink("bytes", RawName.of(new byte[] {(byte) 0xc3, '/', (byte) 0xfe}));
    }

    private void symlink(String name, RawName target) throws IOException {
        top.makeSymlink(RawName.of(name), target);
        top.setModified(RawName.of(name), TIME);
    }

    private void special() throws IOException {
        top.makeNode(RawName.of("fifo"), FileKind.FIFO, 0640, 0);
        top.makeNode(RawName.of("socket"), FileKind.SOCKET, 0600, 0);
        if (Kernel.isRoot()) {
            top.makeNode(RawName.of("null"), FileKind.CHARACTER_DEVICE, 0666, FileStat.makeDevice(1, 3));
            top.makeNode(RawName.of("loop"), FileKind.BLOCK_DEVICE, 0600, FileStat.makeDevice(7, 300));
        }
    }

    /** A hole, 8 KiB in the middle, a hole to the end. */
    private void sparse() throws IOException {
        try (Descriptor file = top.openFile(RawName.of("sparse"), 0600, OpenFlag.WRITE, OpenFlag.NEW)) {
            ByteBuffer data = ByteBuffer.allocateDirect(8192);
            while (data.hasRemaining()) {
                data.put((byte) 'd');
            }
            file.write(data.flip(), SPARSE_SIZE / 2);
            file.truncate(SPARSE_SIZE);
        }
        file(RawName.of("empty"), "");
    }

    private void attributes() throws IOException {
        RawName file = RawName.of("attributes");
        file(file, "attributes");
        attribute(file, "user.binary", new byte[] {0, (byte) 0xff, 7});
        attribute(file, "user.empty", new byte[0]);
        attribute(file, "system.posix_acl_access", accessList());
        attribute(RawName.of("elsewhere"), "user.directory", "yes".getBytes(StandardCharsets.UTF_8));
    }

    /** As far as this filesystem has such attributes: NFS has no access lists since version 4. */
    private void attribute(RawName name, String attribute, byte[] value) throws IOException {
        WildTree.where(() -> top.setAttribute(name, attribute, value));
    }

    /** u::rw- u:4711:r-- g::r-- m::rw- o::---, as posix_acl_xattr.h has it: version 2, then tag, permissions, id. */
    private static byte[] accessList() {
        ByteBuffer list =
                ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
        int[][] entries = {{0x01, 6, -1}, {0x02, 4, 4711}, {0x04, 4, -1}, {0x10, 6, -1}, {0x20, 0, -1}};
        for (int[] entry : entries) {
            list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return list.array();
    }

    private void deep() throws IOException {
        RawName name = RawName.of("deep");
        Directory at = top;
        for (int depth = 0; depth < 40; depth++) {
            at.makeDirectory(name, 0750);
            Directory inner = at.openDirectory(name);
            if (at != top) {
                at.close();
            }
            at = inner;
        }
        at.makeSymlink(RawName.of("bottom"), RawName.of("reached"));
        at.close();
    }
}
