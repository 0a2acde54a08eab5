package io.varve.archive;

import java.util.Map;

/** The keywords of PAX records that mean something here, and who defined them. */
final class Keywords {
    /** pax(1). */
    static final String PATH = "path";

    static final String LINK_PATH = "linkpath";
    static final String SIZE = "size";
    static final String OWNER = "uid";
    static final String GROUP = "gid";
    static final String MODIFIED = "mtime";

    /** GNU tar manual, "PAX Format, Version 1.0". */
    static final String SPARSE_PREFIX = "GNU.sparse.";

    static final String SPARSE_MAJOR = "GNU.sparse.major";
    static final String SPARSE_MINOR = "GNU.sparse.minor";
    static final String SPARSE_NAME = "GNU.sparse.name";
    static final String SPARSE_SIZE = "GNU.sparse.realsize";

    /** star(5); GNU tar writes the same. The value is the attribute's bytes. */
    static final String ATTRIBUTE_PREFIX = "SCHILY.xattr.";

    /** libarchive: the name is URL-encoded, the value base64. */
    static final String ENCODED_ATTRIBUTE_PREFIX = "LIBARCHIVE.xattr.";

    /** Records of star that hold the text of an ACL, and the attribute the kernel keeps it in. */
    static final Map<String, String> ACLS = Map.of(
            "SCHILY.acl.access", "system.posix_acl_access",
            "SCHILY.acl.default", "system.posix_acl_default");

    private Keywords() {}
}
