package io.varve.access;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TokenBookTest {
    private static final Instant NOON = Instant.parse("2026-05-05T12:00:00Z");

    private static final int BEFORE_THE_SECRET = "varve_0123456789abcdef_".length();

    @TempDir
    Path temp;

    private Instant now = NOON;
    private final InstantSource source = () -> now;
    private final Clock clock = source.withZone(ZoneOffset.UTC);

    private TokenBook book() {
        TokenBook book = new TokenBook(temp.resolve("tokens"), clock);
        book.load(damaged -> {
            throw new AssertionError(damaged);
        });
        return book;
    }

    @Test
    void aTokenLetsItsOwnerInAlsoAfterARestart() {
        String text = book().add("backup", Role.OPERATOR, Optional.empty(), List.of("data"))
                .text();

        assertThat(book().authenticate(text)).contains(new Caller("backup", Role.OPERATOR, Set.of("data")));
    }

    @Test
    void nothingElseLetsAnybodyIn() {
        TokenBook book = book();
        String text = book.add("me", Role.ADMIN, Optional.empty(), List.of()).text();
        String other = book.add("you", Role.ADMIN, Optional.empty(), List.of()).text();

        String mixed = text.substring(0, BEFORE_THE_SECRET) + other.substring(BEFORE_THE_SECRET);
        for (String wrong :
                List.of("", "varve_", mixed, text + "x", text.substring(1), text.toUpperCase(Locale.ROOT))) {
            assertThat(book.authenticate(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void anExpiredOrRemovedTokenLetsNobodyIn() {
        TokenBook book = book();
        String brief = book.add("brief", Role.VIEWER, Optional.of(NOON.plusSeconds(60)), List.of())
                .text();
        String gone = book.add("gone", Role.VIEWER, Optional.empty(), List.of()).text();
        assertThat(book.authenticate(brief)).isPresent();

        book.remove("gone");
        book.remove("gone");
        now = NOON.plusSeconds(60);

        assertThat(book.authenticate(brief)).isEmpty();
        assertThat(book.authenticate(gone)).isEmpty();
        assertThat(book().authenticate(gone)).isEmpty();
    }

    @Test
    void theSecretIsNowhereOnDisk() throws IOException {
        String text = book().add("me", Role.ADMIN, Optional.empty(), List.of()).text();
        String secret = text.substring(BEFORE_THE_SECRET);

        try (Stream<Path> files = Files.list(temp.resolve("tokens"))) {
            assertThat(files.toList())
                    .singleElement()
                    .satisfies(file -> assertThat(file).content().doesNotContain(secret, secret.substring(0, 20)));
        }
    }

    @Test
    void whatCannotBeATokenIsRefused() {
        TokenBook book = book();
        book.add("me", Role.ADMIN, Optional.empty(), List.of());

        assertRefused(ErrorCode.TOKEN_EXISTS, () -> book.add("me", Role.VIEWER, Optional.empty(), List.of()));
        assertRefused(ErrorCode.NAME_INVALID, () -> book.add("../me", Role.VIEWER, Optional.empty(), List.of()));
        assertRefused(ErrorCode.REQUEST_INVALID, () -> book.add("late", Role.VIEWER, Optional.of(NOON), List.of()));
        assertRefused(ErrorCode.REQUEST_INVALID, () -> Role.parse("root"));
        assertThat(book.all()).extracting(Token::name).containsExactly("me");
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Test
    void aDamagedFileLetsNobodyInAndTheOthersDo() throws IOException {
        TokenBook book = book();
        String good = book.add("good", Role.ADMIN, Optional.empty(), List.of()).text();
        Files.writeString(temp.resolve("tokens/bad.json"), "{\"name\":\"bad\"");
        Files.writeString(temp.resolve("tokens/worse.json"), "{\"id\":\"x\",\"name\":\"worse\",\"role\":\"king\"}");

        List<String> damaged = new ArrayList<>();
        TokenBook again = new TokenBook(temp.resolve("tokens"), clock);
        again.load(damaged::add);

        assertThat(damaged).hasSize(2).anyMatch(text -> text.contains("bad.json"));
        assertThat(again.authenticate(good)).isPresent();
    }

    @Test
    void aCallerMayDoWhatHisRoleAndStoresAllow() {
        Caller everywhere = new Caller("e", Role.OPERATOR, Set.of());
        Caller bound = new Caller("b", Role.OPERATOR, Set.of("mine"));

        everywhere.require(Role.VIEWER, Optional.empty());
        everywhere.require(Role.OPERATOR, Optional.of("any"));
        bound.require(Role.OPERATOR, Optional.of("mine"));
        assertRefused(ErrorCode.PERMISSION_DENIED, () -> everywhere.require(Role.ADMIN, Optional.empty()));
        assertRefused(ErrorCode.PERMISSION_DENIED, () -> bound.require(Role.VIEWER, Optional.of("other")));
        assertRefused(ErrorCode.PERMISSION_DENIED, () -> bound.require(Role.VIEWER, Optional.empty()));
    }

    @Test
    void whoGuessesTooOftenInAMinuteIsToldSoAndOthersAreNot() {
        Guesses guesses = new Guesses(clock);
        for (int i = 0; i < Guesses.ALLOWED; i++) {
            assertThat(guesses.failed("guesser")).isFalse();
        }

        assertThat(guesses.failed("guesser")).isTrue();
        assertThat(guesses.failed("other")).isFalse();
        now = NOON.plus(Guesses.WINDOW);
        assertThat(guesses.failed("guesser")).isFalse();
    }
}
