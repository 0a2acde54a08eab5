package io.varve.archive;

import io.varve.linux.FileStat;
import io.varve.linux.RawName;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Turns a member into its header and, for what does not fit there, PAX records. */
final class MemberEncoder {
    private static final byte[] NO_RECORDS = new byte[0];

    private MemberEncoder() {}

    /**
     * The header block.
     *
     * @param stored how many bytes follow, a sparse map included
     */
    static UstarHeader header(TarMember member, long stored) {
        return new UstarHeader(
                headerName(member),
                member.permissions(),
                member.owner(),
                member.group(),
                stored,
                member.modified().getEpochSecond(),
                member.type().flag(),
                member.link(),
                FileStat.major(member.device()),
                FileStat.minor(member.device()));
    }

    /** A sparse file's real name is in its records, so that a program that does not know better shows what it is. */
    private static RawName headerName(TarMember member) {
        if (member.type() == MemberType.DIRECTORY) {
            return RawName.ofLatin1(member.name().latin1() + "/");
        }
        if (member.content().isDense()) {
            return member.name();
        }
        String name = member.name().latin1();
        int base = name.lastIndexOf('/') + 1;
        return RawName.ofLatin1(name.substring(0, base) + "GNUSparseFile.0/" + name.substring(base));
    }

    /** The extended header's records, in a fixed order; empty where none is needed. */
    static byte[] records(TarMember member, long stored) {
        if (fitsHeader(member, stored)) {
            return NO_RECORDS;
        }
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        number(records, Keywords.SIZE, stored, UstarHeader.MAX_LARGE);
        number(records, Keywords.OWNER, member.owner(), UstarHeader.MAX_SMALL);
        number(records, Keywords.GROUP, member.group(), UstarHeader.MAX_SMALL);
        if (!isWholeSecond(member.modified())) {
            text(records, Keywords.MODIFIED, decimal(member.modified()));
        }
        if (!member.content().isDense()) {
            sparse(records, member);
        }
        new TreeMap<>(member.attributes()).forEach((name, value) -> attribute(records, name, value));
        return records.toByteArray();
    }

    private static boolean fitsHeader(TarMember member, long stored) {
        return member.attributes().isEmpty()
                && isWholeSecond(member.modified())
                && member.content().isDense()
                && stored <= UstarHeader.MAX_LARGE
                && Math.max(member.owner(), member.group()) <= UstarHeader.MAX_SMALL;
    }

    private static boolean isWholeSecond(Instant time) {
        return time.getNano() == 0 && time.getEpochSecond() >= 0 && time.getEpochSecond() <= UstarHeader.MAX_LARGE;
    }

    private static void sparse(ByteArrayOutputStream records, TarMember member) {
        text(records, Keywords.SPARSE_MAJOR, "1");
        text(records, Keywords.SPARSE_MINOR, "0");
        PaxRecords.append(records, Keywords.SPARSE_NAME, member.name().bytes());
        text(records, Keywords.SPARSE_SIZE, String.valueOf(member.content().size()));
    }

    private static void attribute(ByteArrayOutputStream records, String name, byte[] value) {
        Optional<String> acl = Keywords.ACLS.containsValue(name) ? AclText.format(value) : Optional.empty();
        if (acl.isPresent()) {
            text(records, aclKeyword(name), acl.get());
        } else {
            PaxRecords.append(records, Keywords.ATTRIBUTE_PREFIX + escape(name), value);
        }
    }

    private static String aclKeyword(String attribute) {
        return Keywords.ACLS.entrySet().stream()
                .filter(acl -> acl.getValue().equals(attribute))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** As GNU tar does: a keyword ends at the first {@code =}. */
    private static String escape(String attribute) {
        return attribute.replace("%", "%25").replace("=", "%3D");
    }

    private static void number(ByteArrayOutputStream records, String keyword, long number, long inHeader) {
        if (number > inHeader) {
            text(records, keyword, String.valueOf(number));
        }
    }

    private static void text(ByteArrayOutputStream records, String keyword, String value) {
        PaxRecords.append(records, keyword, value.getBytes(StandardCharsets.US_ASCII));
    }

    /** Seconds since the epoch as a decimal number: half a second before it is -0.5. */
    private static String decimal(Instant time) {
        return BigDecimal.valueOf(time.getEpochSecond())
                .add(BigDecimal.valueOf(time.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString();
    }
}
