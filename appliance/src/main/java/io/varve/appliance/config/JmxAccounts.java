package io.varve.appliance.config;

import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Who may come in, in the two files of the JDK's own agent ({@code jmxremote.password}, {@code jmxremote.access}).
 *
 * @param passwords {@code NAME PASSWORD} a line
 * @param access {@code NAME readonly|readwrite} a line
 */
public record JmxAccounts(Path passwords, Path access) {
    private static final int SECRET_BYTES = 24;
    private static final String ROLES = "viewer readonly\nadmin readwrite\n";

    /** Files of a directory that is the appliance's own; the passwords of {@code viewer} and {@code admin} are made here. */
    public static JmxAccounts in(Path directory) throws IOException {
        JmxAccounts accounts = with(directory.resolve("jmx.password"), directory);
        if (!Files.exists(accounts.passwords)) {
            String made = "viewer " + secret() + "\nadmin " + secret() + "\n";
            write(accounts.passwords, made);
        }
        return accounts;
    }

    /** A file of passwords for {@code viewer}, who reads, and {@code admin}, who operates too. */
    public static JmxAccounts with(Path passwords, Path directory) throws IOException {
        Path access = directory.resolve("jmx.access");
        write(access, ROLES);
        return new JmxAccounts(passwords, access);
    }

    private static void write(Path file, String text) throws IOException {
        DurableFiles.replace(file, text.getBytes(StandardCharsets.UTF_8));
        Kernel.setPermissions(file, 0600);
    }

    private static String secret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }
}
