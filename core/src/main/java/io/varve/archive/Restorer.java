package io.varve.archive;

import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;

import java.io.IOException;
import java.util.Map;

/**
 * Gives what was just made its owner, mode, attributes and time. What this user or this filesystem does not allow is a
 * warning; all else that fails is an error.
 */
final class Restorer {
    private static final int SET_ID_BITS = 06000;

    private final Warnings warnings;

    Restorer(Warnings warnings) {
        this.warnings = warnings;
    }

    /**
     * In this order: a change of owner clears set-id bits and capabilities, a file that its owner may not write takes no
     * attributes from anybody but root, an ACL is part of the mode.
     */
    void restore(Directory directory, RawName name, TarMember member) throws IOException {
        boolean owned = allowed(
                member,
                "its owner " + member.owner() + ":" + member.group(),
                () -> directory.setOwner(name, (int) member.owner(), (int) member.group()));
        attributes(directory, name, member, member.plainAttributes());
        if (member.type() != MemberType.SYMLINK) {
            // A set-id bit for an owner who is not the one meant would lend the wrong user's rights.
            int lost = owned ? 0 : SET_ID_BITS;
            directory.setPermissions(name, member.permissions() & ~lost);
        }
        attributes(directory, name, member, member.acls());
        directory.setModified(name, member.modified());
    }

    void attributes(Directory directory, RawName name, TarMember member, Map<String, byte[]> attributes)
            throws IOException {
        for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
            String what = "its attribute " + Printable.name(RawName.ofLatin1(attribute.getKey()));
            allowed(member, what, () -> directory.setAttribute(name, attribute.getKey(), attribute.getValue()));
        }
    }

    /** One call to the kernel. */
    interface Step {
        void run() throws IOException;
    }

    /** Whether the step was allowed; where it was not, that is a warning. */
    boolean allowed(TarMember member, String what, Step step) throws IOException {
        try {
            step.run();
            return true;
        } catch (KernelException failure) {
            if (!isRefusal(failure.errno())) {
                throw failure;
            }
            warnings.add(member.name(), what + " cannot be kept here (" + failure.errno() + ")");
            return false;
        }
    }

    private static boolean isRefusal(Errno errno) {
        return errno == Errno.EPERM || errno == Errno.EACCES || errno == Errno.EOPNOTSUPP;
    }
}
