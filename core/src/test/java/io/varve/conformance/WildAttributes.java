package io.varve.conformance;

import io.varve.linux.Directory;
import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Extended attributes and ACLs that are hard to copy. */
final class WildAttributes {
    private static final int NO_ID = -1;

    private final Random random;

    WildAttributes(Random random) {
        this.random = random;
    }

    /**
     * Text, nothing, any bytes, names with the signs that archives use themselves, and privileged ones; together small
     * enough for an ext4 with blocks of 1 KiB.
     */
    void plain(Directory directory, RawName name) throws IOException {
        byte[] binary = new byte[1 + random.nextInt(150)];
        random.nextBytes(binary);
        set(directory, name, "user.text", "a text\nof lines = \u00fc".getBytes(StandardCharsets.UTF_8));
        set(directory, name, "user.empty", new byte[0]);
        set(directory, name, "user.binary", binary);
        set(directory, name, "user.a=b%3D c", new byte[] {0, '\n', 0});
        set(directory, name, "trusted.varve", binary);
        set(directory, name, "security.varve", new byte[] {(byte) 0xff, 0});
    }

    /** CAP_NET_BIND_SERVICE, as linux/capability.h lays it out (VFS_CAP_REVISION_2); a change of owner clears it. */
    void capability(Directory directory, RawName name) throws IOException {
        ByteBuffer value = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        value.putInt(0x0200_0001).putInt(1 << 10).putInt(0).putInt(0).putInt(0);
        set(directory, name, "security.capability", value.array());
    }

    void acl(Directory directory, RawName name) throws IOException {
        set(directory, name, "system.posix_acl_access", acl());
    }

    void defaultAcl(Directory directory, RawName name) throws IOException {
        set(directory, name, "system.posix_acl_default", acl());
    }

    /**
     * linux/posix_acl_xattr.h: version 2; owner, two users, group, a group, mask, others. Numbers that no host has a name
     * for: some programs write names where they know one.
     */
    private byte[] acl() {
        ByteBuffer acl = ByteBuffer.allocate(4 + 7 * 8).order(ByteOrder.LITTLE_ENDIAN);
        acl.putInt(2);
        entry(acl, 0x01, NO_ID);
        entry(acl, 0x02, 100_000 + random.nextInt(1000));
        entry(acl, 0x02, (int) 4_000_000_000L);
        entry(acl, 0x04, NO_ID);
        entry(acl, 0x08, 200_000 + random.nextInt(1000));
        entry(acl, 0x10, NO_ID);
        entry(acl, 0x20, NO_ID);
        return acl.array();
    }

    private void entry(ByteBuffer acl, int tag, int id) {
        boolean owner = tag == 0x01;
        acl.putShort((short) tag)
                .putShort((short) (owner ? 7 : random.nextInt(8)))
                .putInt(id);
    }

    private static void set(Directory directory, RawName name, String attribute, byte[] value) throws IOException {
        WildTree.where(() -> directory.setAttribute(name, attribute, value));
    }
}
