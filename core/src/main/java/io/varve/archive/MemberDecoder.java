package io.varve.archive;

import io.varve.linux.FileStat;
import io.varve.linux.RawName;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Puts a member together from its header and its PAX records, which win. An empty value unsets a record, as pax(1)
 * says, but for attributes, which may be empty. Everything malformed is an IllegalArgumentException.
 */
final class MemberDecoder {
    /** The kernel keeps this number, as a 32-bit -1, for "leave it". */
    private static final long MAX_ID = 0xffff_fffeL;

    /** XATTR_NAME_MAX and XATTR_SIZE_MAX, linux/limits.h. */
    private static final int MAX_ATTRIBUTE_NAME = 255;

    private static final int MAX_ATTRIBUTE = 65536;
    private static final long MAX_SECONDS = 1_000_000_000_000_000L;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Pattern TIME = Pattern.compile("-?\\d{1,15}(\\.\\d{0,30})?");

    private final UstarHeader header;
    private final Map<String, byte[]> records;
    private final Warnings warnings;

    MemberDecoder(UstarHeader header, Map<String, byte[]> records, Warnings warnings) {
        this.header = header;
        this.records = records;
        this.warnings = warnings;
    }

    /** The member's real name as it stands in the archive: bytes, a directory's trailing {@code /} included. */
    RawName name() {
        return value(Keywords.SPARSE_NAME)
                .or(() -> value(Keywords.PATH))
                .map(RawName::of)
                .orElse(header.name());
    }

    /** How many bytes follow the header, a sparse map included. */
    long stored() {
        long stored = number(Keywords.SIZE).orElse(header.size());
        if (stored < 0) {
            throw new IllegalArgumentException("has a negative size");
        }
        return stored;
    }

    /** Whether a sparse map of version 1.0 stands before the data; older forms are refused. */
    boolean isSparse() {
        if (records.keySet().stream().noneMatch(key -> key.startsWith(Keywords.SPARSE_PREFIX))) {
            return false;
        }
        boolean known = number(Keywords.SPARSE_MAJOR).orElse(0L) == 1
                && number(Keywords.SPARSE_MINOR).orElse(-1L) == 0;
        if (!known || number(Keywords.SPARSE_SIZE).isEmpty()) {
            throw new IllegalArgumentException("is sparse in a form other than GNU's version 1.0");
        }
        return true;
    }

    long sparseSize() {
        return number(Keywords.SPARSE_SIZE).orElseThrow();
    }

    TarMember member(RawName name, MemberType type, SparseMap content) {
        RawName link = value(Keywords.LINK_PATH).map(RawName::of).orElse(header.link());
        boolean linked = type == MemberType.HARD_LINK || type == MemberType.SYMLINK;
        return new TarMember(
                name,
                type,
                header.mode() & 07777,
                id(Keywords.OWNER, header.owner()),
                id(Keywords.GROUP, header.group()),
                modified(),
                linked ? link : TarMember.NOTHING,
                type.isDevice() ? device() : 0,
                content,
                attributes(name));
    }

    private long device() {
        if (header.major() < 0 || header.minor() < 0 || Math.max(header.major(), header.minor()) > MAX_ID) {
            throw new IllegalArgumentException("has an impossible device number");
        }
        return FileStat.makeDevice((int) header.major(), (int) header.minor());
    }

    private long id(String keyword, long inHeader) {
        long id = number(keyword).orElse(inHeader);
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("has the impossible " + keyword + " " + id);
        }
        return id;
    }

    private Instant modified() {
        Optional<byte[]> value = value(Keywords.MODIFIED);
        if (value.isEmpty()) {
            return seconds(header.seconds());
        }
        String text = new String(value.get(), StandardCharsets.ISO_8859_1);
        if (!TIME.matcher(text).matches()) {
            throw new IllegalArgumentException("has an impossible time");
        }
        BigDecimal time = new BigDecimal(text);
        BigDecimal whole = time.setScale(0, RoundingMode.FLOOR);
        return seconds(whole.longValue())
                .plusNanos(time.subtract(whole).movePointRight(9).longValue());
    }

    private static Instant seconds(long seconds) {
        if (Math.abs(seconds) > MAX_SECONDS) {
            throw new IllegalArgumentException("has an impossible time");
        }
        return Instant.ofEpochSecond(seconds);
    }

    private Map<String, byte[]> attributes(RawName name) {
        Map<String, byte[]> attributes = new HashMap<>();
        records.forEach((keyword, value) -> attribute(name, keyword, value, attributes));
        return attributes;
    }

    private void attribute(RawName member, String keyword, byte[] value, Map<String, byte[]> attributes) {
        String acl = Keywords.ACLS.get(keyword);
        if (acl != null && value.length > 0) {
            AclText.parse(value)
                    .ifPresentOrElse(
                            kernel -> attributes.put(acl, kernel),
                            () -> warnings.add(member, "its ACL names users without their numbers and is left out"));
        } else if (keyword.startsWith(Keywords.ATTRIBUTE_PREFIX)) {
            String name = keyword.substring(Keywords.ATTRIBUTE_PREFIX.length());
            attributes.put(attributeName(name.replace("%3D", "=").replace("%25", "%")), attributeValue(value));
        } else if (keyword.startsWith(Keywords.ENCODED_ATTRIBUTE_PREFIX)) {
            String name = keyword.substring(Keywords.ENCODED_ATTRIBUTE_PREFIX.length());
            String decoded = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
            byte[] bytes = Base64.getDecoder().decode(value);
            attributes.putIfAbsent(attributeName(decoded), attributeValue(bytes));
        }
    }

    private static String attributeName(String name) {
        if (name.isEmpty() || name.length() > MAX_ATTRIBUTE_NAME || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("has an extended attribute with an impossible name");
        }
        return name;
    }

    private static byte[] attributeValue(byte[] value) {
        if (value.length > MAX_ATTRIBUTE) {
            throw new IllegalArgumentException("has an extended attribute larger than 64 KiB");
        }
        return value;
    }

    private Optional<Long> number(String keyword) {
        return value(keyword).map(value -> {
            String text = new String(value, StandardCharsets.ISO_8859_1);
            if (!NUMBER.matcher(text).matches()) {
                throw new IllegalArgumentException("has no number as its " + keyword);
            }
            return Long.parseLong(text);
        });
    }

    private Optional<byte[]> value(String keyword) {
        return Optional.ofNullable(records.get(keyword)).filter(value -> value.length > 0);
    }
}
