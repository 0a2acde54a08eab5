package io.varve.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * POSIX ACLs between the kernel's form (linux/posix_acl_xattr.h: version 2, then tag, permissions and id, little
 * endian) and the text form of acl(5) with numeric ids, which tar programs exchange.
 */
final class AclText {
    private static final int VERSION = 2;
    private static final int NO_ID = -1;
    private static final int ENTRY_BYTES = 8;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}|[1-4]\\d{9}");

    private AclText() {}

    /** The tags of linux/posix_acl.h, in the order the kernel wants entries in. */
    private enum Tag {
        USER_OBJ(0x01, "user"),
        USER(0x02, "user"),
        GROUP_OBJ(0x04, "group"),
        GROUP(0x08, "group"),
        MASK(0x10, "mask"),
        OTHER(0x20, "other");

        private final int number;
        private final String word;

        Tag(int number, String word) {
            this.number = number;
            this.word = word;
        }

        boolean hasId() {
            return this == USER || this == GROUP;
        }

        boolean isCalled(String text) {
            return word.equals(text) || word.substring(0, 1).equals(text);
        }

        static Optional<Tag> of(int number) {
            return Stream.of(values()).filter(tag -> tag.number == number).findFirst();
        }

        static Tag of(String word, boolean withId) {
            return Stream.of(values())
                    .filter(tag -> tag.hasId() == withId && tag.isCalled(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("has an ACL entry of an unknown kind"));
        }
    }

    private record Entry(Tag tag, int permissions, int id) {
        String text() {
            String who = tag.hasId() ? Integer.toUnsignedString(id) : "";
            return tag.word + ":" + who + ":" + letter(4, "r") + letter(2, "w") + letter(1, "x");
        }

        private String letter(int bit, String letter) {
            return (permissions & bit) != 0 ? letter : "-";
        }
    }

    /** The text of an ACL in the kernel's form; empty where the bytes are something else. */
    static Optional<String> format(byte[] kernel) {
        ByteBuffer bytes = ByteBuffer.wrap(kernel).order(ByteOrder.LITTLE_ENDIAN);
        if (kernel.length % ENTRY_BYTES != Integer.BYTES || bytes.getInt() != VERSION) {
            return Optional.empty();
        }
        StringJoiner text = new StringJoiner(",");
        while (bytes.hasRemaining()) {
            Optional<Entry> entry = entry(bytes);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            text.add(entry.get().text());
        }
        return Optional.of(text.toString());
    }

    private static Optional<Entry> entry(ByteBuffer bytes) {
        int number = bytes.getShort();
        int permissions = bytes.getShort();
        int id = bytes.getInt();
        return Tag.of(number)
                .filter(tag -> (permissions & ~7) == 0 && (tag.hasId() || id == NO_ID))
                .map(tag -> new Entry(tag, permissions, id));
    }

    /**
     * The kernel's form of a text with commas or line ends between entries, as GNU tar, star and libarchive write it;
     * star's fourth field is the number of a name. Empty where a user or group is given by name alone: which number
     * that is here, the text does not tell.
     *
     * @throws IllegalArgumentException where the text is no ACL
     */
    static Optional<byte[]> parse(byte[] text) {
        List<Entry> entries = new ArrayList<>();
        for (String line : new String(text, StandardCharsets.ISO_8859_1).split("[,\n]", 0)) {
            String bare = line.split("#", 2)[0].strip();
            if (!bare.isEmpty()) {
                Optional<Entry> entry = parseEntry(bare.split(":", -1));
                if (entry.isEmpty()) {
                    return Optional.empty();
                }
                entries.add(entry.get());
            }
        }
        requireComplete(entries);
        entries.sort(Comparator.comparing(Entry::tag).thenComparing(Entry::id, Integer::compareUnsigned));
        return Optional.of(kernel(entries));
    }

    /** What the kernel demands (fs/posix_acl.c, posix_acl_valid). */
    private static void requireComplete(List<Entry> entries) {
        boolean hasNamed = entries.stream().anyMatch(entry -> entry.tag.hasId());
        boolean complete = count(entries, Tag.USER_OBJ) == 1
                && count(entries, Tag.GROUP_OBJ) == 1
                && count(entries, Tag.OTHER) == 1
                && count(entries, Tag.MASK) <= 1
                && (!hasNamed || count(entries, Tag.MASK) == 1);
        if (!complete) {
            throw new IllegalArgumentException("has an ACL that lacks or repeats one of its necessary entries");
        }
    }

    private static long count(List<Entry> entries, Tag tag) {
        return entries.stream().filter(entry -> entry.tag == tag).count();
    }

    private static byte[] kernel(List<Entry> entries) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + entries.size() * ENTRY_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(VERSION);
        for (Entry entry : entries) {
            bytes.putShort((short) entry.tag.number)
                    .putShort((short) entry.permissions)
                    .putInt(entry.id);
        }
        return bytes.array();
    }

    /** {@code kind:who:rwx}, {@code kind:who:rwx:number} or, without anybody, {@code kind:rwx}. */
    private static Optional<Entry> parseEntry(String[] fields) {
        if (fields.length < 2 || fields.length > 4) {
            throw new IllegalArgumentException("has a malformed ACL entry");
        }
        String who = fields.length == 2 ? "" : fields[1];
        String number = fields.length == 4 ? fields[3] : who;
        Tag tag = Tag.of(fields[0], !who.isEmpty());
        int permissions = permissions(fields.length == 2 ? fields[1] : fields[2]);
        if (!tag.hasId()) {
            return Optional.of(new Entry(tag, permissions, NO_ID));
        }
        return NUMBER.matcher(number).matches()
                ? Optional.of(new Entry(tag, permissions, (int) Long.parseLong(number)))
                : Optional.empty();
    }

    private static int permissions(String letters) {
        int bits = 0;
        for (int i = 0; i < letters.length(); i++) {
            bits |= switch (letters.charAt(i)) {
                case 'r' -> 4;
                case 'w' -> 2;
                case 'x' -> 1;
                case '-' -> 0;
                default -> throw new IllegalArgumentException("has ACL permissions other than r, w, x and -");
            };
        }
        return bits;
    }
}
