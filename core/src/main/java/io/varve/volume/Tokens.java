package io.varve.volume;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Tokens of plans: a digest of what would be done and of the world it would be done in. */
public final class Tokens {
    private static final int BYTES = 18;

    private Tokens() {}

    public static String of(List<String> facts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String fact : facts) {
                digest.update(fact.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            byte[] head = Arrays.copyOf(digest.digest(), BYTES);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(head);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** @throws StorageException {@code PLAN_STALE} where the world is not that of the plan any more */
    public static void require(String given, String now) {
        if (!given.equals(now)) {
            throw new StorageException(
                    ErrorCode.PLAN_STALE, "the plan is stale: things changed since it was made; make a new one");
        }
    }
}
