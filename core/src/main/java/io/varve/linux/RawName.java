package io.varve.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A file name or path as the kernel has it: any bytes but NUL. Java's strings cannot hold every such name, so code that
 * walks trees of others keeps to this type and never makes a {@code Path} of it.
 */
public final class RawName implements Comparable<RawName> {
    private final byte[] bytes;

    private RawName(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException where a byte is NUL */
    public static RawName of(byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("a file name cannot contain NUL");
            }
        }
        return new RawName(bytes.clone());
    }

    public static RawName of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The name whose bytes are the characters of an ISO 8859-1 string. */
    public static RawName ofLatin1(String text) {
        return of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    /** One character a byte: a string that loses nothing. */
    public String latin1() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** This path with {@code name} below it; an empty path is the tree's root. */
    public RawName resolve(RawName name) {
        if (bytes.length == 0) {
            return name;
        }
        byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + name.bytes.length);
        joined[bytes.length] = '/';
        System.arraycopy(name.bytes, 0, joined, bytes.length + 1, name.bytes.length);
        return new RawName(joined);
    }

    /** The bytes with the NUL that C wants. */
    byte[] terminated() {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    @Override
    public int compareTo(RawName other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawName name && Arrays.equals(bytes, name.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For people: UTF-8, with what is not UTF-8 replaced. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
