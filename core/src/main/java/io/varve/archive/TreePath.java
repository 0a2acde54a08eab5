package io.varve.archive;

import io.varve.linux.Directory;
import io.varve.linux.RawName;

import java.io.IOException;

/** Paths inside a tree, cut and opened. */
final class TreePath {
    /** The directory a path is looked up from, as a name in itself. */
    static final RawName SELF = RawName.of(".");

    /** Less than PATH_MAX, with room for a component: the kernel takes longer paths only piece by piece. */
    private static final int PIECE = 3500;

    private static final int MAX_LINK_TEXT = 4095;

    private TreePath() {}

    /** All but the last component; empty for a name in the root. */
    static RawName parent(RawName path) {
        String text = path.latin1();
        return RawName.ofLatin1(text.substring(0, Math.max(0, text.lastIndexOf('/'))));
    }

    /** The last component. */
    static RawName name(RawName path) {
        String text = path.latin1();
        return RawName.ofLatin1(text.substring(text.lastIndexOf('/') + 1));
    }

    static boolean isSelfOrBelow(RawName path, RawName ancestor) {
        String text = path.latin1();
        return ancestor.length() == 0 || text.equals(ancestor.latin1()) || text.startsWith(ancestor.latin1() + "/");
    }

    /** Whether the kernel refuses a text for a symlink. */
    static boolean isBadLinkText(RawName text) {
        return text.length() == 0 || text.length() > MAX_LINK_TEXT;
    }

    /** Opens a directory of the tree, however deep, through no symlink and no mount point. */
    static Directory open(Directory root, RawName path) throws IOException {
        if (path.length() <= PIECE) {
            return root.openBeneath(path);
        }
        String text = path.latin1();
        int cut = text.lastIndexOf('/', PIECE);
        try (Directory upper = root.openBeneath(RawName.ofLatin1(text.substring(0, cut)))) {
            return open(upper, RawName.ofLatin1(text.substring(cut + 1)));
        }
    }
}
