package io.varve.archive;

import io.varve.linux.RawName;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The headers that stand before one member's own: PAX records, and GNU's long name and long link. */
final class Extensions {
    private final Map<String, byte[]> records;
    private RawName longName = TarMember.NOTHING;
    private RawName longLink = TarMember.NOTHING;
    private boolean extended;

    /** @param global the records of the archive's global headers, which a member's own override */
    Extensions(Map<String, byte[]> global) {
        records = new HashMap<>(global);
    }

    void longName(byte[] content) {
        longName = name(longName, content);
    }

    void longLink(byte[] content) {
        longLink = name(longLink, content);
    }

    void records(Map<String, byte[]> more) {
        if (extended) {
            throw new IllegalArgumentException("has two extended headers");
        }
        extended = true;
        records.putAll(more);
    }

    Map<String, byte[]> records() {
        return records;
    }

    boolean isEmpty() {
        return !extended && longName.length() == 0 && longLink.length() == 0;
    }

    /** The header with its long names in place. */
    UstarHeader apply(UstarHeader header) {
        return new UstarHeader(
                longName.length() > 0 ? longName : header.name(),
                header.mode(),
                header.owner(),
                header.group(),
                header.size(),
                header.seconds(),
                header.flag(),
                longLink.length() > 0 ? longLink : header.link(),
                header.major(),
                header.minor());
    }

    /** A name ends at its NUL, which GNU tar writes and others leave out. */
    private static RawName name(RawName before, byte[] content) {
        int end = 0;
        while (end < content.length && content[end] != 0) {
            end++;
        }
        if (before.length() > 0 || end == 0) {
            throw new IllegalArgumentException("has an empty or repeated long name");
        }
        return RawName.of(Arrays.copyOf(content, end));
    }
}
