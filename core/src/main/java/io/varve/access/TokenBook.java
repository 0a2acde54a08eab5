package io.varve.access;

import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens of one appliance, one file each in a directory that is its own. A token is {@code varve_ID_SECRET}; the secret
 * is shown once and kept as a hash alone. Thread-safe.
 */
public final class TokenBook {
    private static final Pattern SHAPE = Pattern.compile("varve_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;

    private final Path directory;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, TokenFile> byId = new ConcurrentHashMap<>();

    public TokenBook(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** A new token, and the text that lets in; nobody can know it later. */
    public record Issued(Token token, String text) {}

    /** @param damaged is told of files that cannot be read; they let nobody in */
    public void load(Consumer<String> damaged) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
            files.forEach(file -> read(file, damaged));
        } catch (IOException failure) {
            throw KernelException.storage("cannot read the tokens in '" + directory + "'", failure);
        }
    }

    private void read(Path file, Consumer<String> damaged) {
        try {
            TokenFile known = TokenFile.read(Files.readAllBytes(file));
            byId.put(known.id(), known);
        } catch (IOException | StorageException failure) {
            damaged.accept(file + ": " + failure.getMessage());
        }
    }

    public List<Token> all() {
        return byId.values().stream()
                .map(TokenFile::token)
                .sorted(Comparator.comparing(Token::name))
                .toList();
    }

    /**
     * Makes a token.
     *
     * @throws StorageException {@code TOKEN_EXISTS}, {@code NAME_INVALID}, {@code REQUEST_INVALID} where it would have
     *     expired already
     */
    public synchronized Issued add(String name, Role role, Optional<Instant> expires, List<String> stores) {
        Token token = new Token(name, role, clock.instant(), expires, stores);
        if (!token.validAt(token.created())) {
            throw new StorageException(ErrorCode.REQUEST_INVALID, "a token that expires in the past lets nobody in");
        }
        if (find(name).isPresent()) {
            throw new StorageException(ErrorCode.TOKEN_EXISTS, "there is a token '" + name + "' already")
                    .with("token", name);
        }
        String id = HexFormat.of().formatHex(bytes(ID_BYTES));
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
        TokenFile file = new TokenFile(id, SecretHash.of(secret, random), token);
        try {
            DurableFiles.makeDirectories(directory);
            DurableFiles.replace(file(name), file.write());
        } catch (IOException failure) {
            throw KernelException.storage("cannot record token '" + name + "'", failure);
        }
        byId.put(id, file);
        return new Issued(token, "varve_" + id + "_" + secret);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** From now on it lets nobody in. An absent one is a success. */
    public synchronized void remove(String name) {
        Optional<TokenFile> found = find(name);
        if (found.isPresent()) {
            try {
                DurableFiles.delete(file(name));
            } catch (IOException failure) {
                throw KernelException.storage("cannot remove token '" + name + "'", failure);
            }
            byId.remove(found.get().id());
        }
    }

    private Optional<TokenFile> find(String name) {
        return byId.values().stream()
                .filter(file -> file.token().name().equals(name))
                .findFirst();
    }

    private Path file(String name) {
        return directory.resolve(name + ".json");
    }

    /** Whom this text lets in; empty for one that is unknown or has expired. */
    public Optional<Caller> authenticate(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(byId.get(matcher.group(1)))
                .filter(file -> file.hash().matches(matcher.group(2)))
                .map(TokenFile::token)
                .filter(token -> token.validAt(clock.instant()))
                .map(token -> new Caller(token.name(), token.role(), Set.copyOf(token.stores())));
    }
}
