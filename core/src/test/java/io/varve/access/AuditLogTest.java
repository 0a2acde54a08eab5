package io.varve.access;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

class AuditLogTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-05-05T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path temp;

    private AuditLog log(long mostBytes) {
        return new AuditLog(temp, mostBytes, NOON);
    }

    @Test
    void whatWasDoneIsToldNewestFirstAlsoAfterARestart() {
        log(1000).record("uid 0", "socket", "POST /stores", "OK");
        log(1000).record("backup", "tcp", "DELETE /stores/a", "PERMISSION_DENIED");

        assertThat(log(1000).all())
                .containsExactly(
                        new AuditEntry(NOON.instant(), "backup", "tcp", "DELETE /stores/a", "PERMISSION_DENIED"),
                        new AuditEntry(NOON.instant(), "uid 0", "socket", "POST /stores", "OK"));
    }

    @Test
    void aNameCannotForgeALine() {
        log(1000).record("evil\n{\"who\":\"root\"}", "tcp", "GET /", "OK");

        assertThat(log(1000).all()).singleElement().extracting(AuditEntry::who).isEqualTo("evil\n{\"who\":\"root\"}");
    }

    @Test
    void itsSizeIsBoundedAndTheNewestIsKept() throws IOException {
        AuditLog log = log(2000);
        for (int i = 0; i < 200; i++) {
            log.record("who", "tcp", "action " + i, "OK");
        }

        assertThat(Files.size(temp.resolve("audit.jsonl")) + Files.size(temp.resolve("audit.old.jsonl")))
                .isLessThan(2 * 2200);
        assertThat(log.all().getFirst().action()).isEqualTo("action 199");
        assertThat(log.all()).hasSizeGreaterThan(15);
    }

    @Test
    void aTornLineIsPassedOver() throws IOException {
        AuditLog log = log(1000);
        log.record("who", "tcp", "before", "OK");
        Files.writeString(temp.resolve("audit.jsonl"), "{\"time\":\"2026\n", StandardOpenOption.APPEND);
        log.record("who", "tcp", "after", "OK");

        assertThat(log.all()).extracting(AuditEntry::action).containsExactly("after", "before");
    }

    @Test
    void whereItCannotBeWrittenNothingElseFails() throws IOException {
        Files.createDirectory(temp.resolve("audit.jsonl"));

        assertThatNoException().isThrownBy(() -> log(1L << 40).record("who", "tcp", "action", "OK"));
    }
}
