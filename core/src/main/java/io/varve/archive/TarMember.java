package io.varve.archive;

import io.varve.linux.RawName;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One member of a tar stream, as all its headers together describe it.
 *
 * @param name the bytes of the name, without a trailing {@code /}
 * @param permissions the mode without the type bits
 * @param link the text of a symlink, or the name of the member that a hard link repeats; else empty
 * @param device the device number of a device, as mknod(2) takes it; else 0
 * @param content where a regular file's data lies; empty for anything else
 * @param attributes extended attributes as the kernel names them, ACLs among them in the kernel's binary form
 */
record TarMember(
        RawName name,
        MemberType type,
        int permissions,
        long owner,
        long group,
        Instant modified,
        RawName link,
        long device,
        SparseMap content,
        Map<String, byte[]> attributes) {
    static final RawName NOTHING = RawName.of("");

    TarMember {
        attributes = Map.copyOf(attributes);
    }

    /** A plain file of ours that is not of the tree. */
    static TarMember file(RawName name, long size, Instant modified) {
        return new TarMember(
                name, MemberType.REGULAR, 0644, 0, 0, modified, NOTHING, 0, SparseMap.dense(size), Map.of());
    }

    /** A plain directory of ours that is not of the tree. */
    static TarMember directory(RawName name, Instant modified) {
        return directory(name, 0755, 0, 0, modified, Map.of());
    }

    static TarMember directory(
            RawName name, int permissions, long owner, long group, Instant modified, Map<String, byte[]> attributes) {
        return new TarMember(
                name,
                MemberType.DIRECTORY,
                permissions,
                owner,
                group,
                modified,
                NOTHING,
                0,
                SparseMap.dense(0),
                attributes);
    }

    TarMember named(RawName otherName, RawName otherLink) {
        return new TarMember(
                otherName, type, permissions, owner, group, modified, otherLink, device, content, attributes);
    }

    TarMember with(Map<String, byte[]> otherAttributes) {
        return new TarMember(name, type, permissions, owner, group, modified, link, device, content, otherAttributes);
    }

    Map<String, byte[]> acls() {
        return attributes(Keywords.ACLS::containsValue);
    }

    /** All attributes but the ACLs. */
    Map<String, byte[]> plainAttributes() {
        return attributes(name -> !Keywords.ACLS.containsValue(name));
    }

    private Map<String, byte[]> attributes(Predicate<String> wanted) {
        if (attributes.isEmpty()) {
            return attributes;
        }
        Map<String, byte[]> some = new HashMap<>(attributes);
        some.keySet().removeIf(wanted.negate());
        return some;
    }
}
