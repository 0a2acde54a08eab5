package io.varve.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What is kept of a secret: salted SHA-256. A slow hash would protect secrets that people choose; these are 256 random bits.
 */
final class SecretHash {
    private static final int SALT_BYTES = 16;

    private final byte[] salt;
    private final byte[] hash;

    private SecretHash(byte[] salt, byte[] hash) {
        this.salt = salt;
        this.hash = hash;
    }

    static SecretHash of(String secret, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new SecretHash(salt, digest(salt, secret));
    }

    static SecretHash read(String salt, String hash) {
        return new SecretHash(
                Base64.getDecoder().decode(salt), Base64.getDecoder().decode(hash));
    }

    String saltText() {
        return Base64.getEncoder().encodeToString(salt);
    }

    String hashText() {
        return Base64.getEncoder().encodeToString(hash);
    }

    /** Takes as long for a wrong secret as for the right one. */
    boolean matches(String secret) {
        return MessageDigest.isEqual(hash, digest(salt, secret));
    }

    private static byte[] digest(byte[] salt, String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
