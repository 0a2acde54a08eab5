package io.varve.status;

/** Blocks of 65,536 bytes, in which thin pools count. */
public final class Blocks {
    /** Bytes a block. */
    public static final long SIZE = 65536;

    private Blocks() {}

    /** The whole blocks in that many bytes. */
    public static long of(long bytes) {
        return bytes / SIZE;
    }

    /**
     * The bytes of that many blocks.
     *
     * @throws ArithmeticException where they are more than a {@code long} can count
     */
    public static long bytes(long blocks) {
        return Math.multiplyExact(blocks, SIZE);
    }

    /** The size of that many blocks for people. */
    public static String human(long blocks) {
        return HumanSize.of(bytes(blocks));
    }
}
