package io.varve.archive;

import io.varve.linux.RawName;
import io.varve.spi.StorageException;

import java.util.ArrayList;
import java.util.List;

/**
 * A member's name, taken apart: every component is a name that the kernel could take, none is {@code .} or {@code ..}.
 *
 * @param components Latin-1, one character a byte
 */
record MemberPath(List<String> components) {
    /** NAME_MAX, linux/limits.h. */
    private static final int MAX_NAME = 255;

    MemberPath {
        components = List.copyOf(components);
    }

    /**
     * Components that are {@code .} are left out: GNU tar, asked for {@code .}, writes them.
     *
     * @param member whose name or link this is, for the refusal
     * @throws StorageException {@code ARCHIVE_INVALID} for an absolute name, {@code ..}, an empty or a too long component
     */
    static MemberPath of(RawName path, RawName member) {
        List<String> components = new ArrayList<>();
        for (String component : path.latin1().split("/", -1)) {
            if (component.isEmpty()) {
                throw Invalid.member(member, "has an absolute name or one with an empty component");
            }
            if (component.equals("..")) {
                throw Invalid.member(member, "has a name or link with '..'");
            }
            if (component.length() > MAX_NAME) {
                throw Invalid.member(member, "has a name with a component longer than 255 bytes");
            }
            if (!component.equals(".")) {
                components.add(component);
            }
        }
        return new MemberPath(components);
    }

    String first() {
        return components.isEmpty() ? "" : components.getFirst();
    }

    int depth() {
        return components.size();
    }

    /** What follows the first component; empty for the first component itself. */
    RawName inside() {
        return components.size() < 2
                ? TarMember.NOTHING
                : RawName.ofLatin1(String.join("/", components.subList(1, components.size())));
    }
}
