package io.varve.driver.nfs;

import io.varve.linux.Commands;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.util.List;
import java.util.Locale;

/** Why mount.nfs(8) did not mount, in words that a person can act on. The texts are those of nfs-utils under {@code LC_ALL=C}. */
final class MountRefusal {
    private record Reason(List<String> texts, ErrorCode code, String advice) {}

    private static final List<Reason> REASONS = List.of(
            new Reason(
                    List.of("access denied", "permission denied", "operation not permitted"),
                    ErrorCode.PERMISSION_DENIED,
                    "the server does not let this host have it, or does not share such a path; look at its exports"),
            new Reason(
                    List.of("no such file or directory", "not a directory"),
                    ErrorCode.BAD_MOUNT,
                    "the server shares no such path; 'showmount -e' or its exports tell what it shares"),
            new Reason(
                    List.of("protocol not supported", "requested nfs version", "incorrect mount option"),
                    ErrorCode.OPTION_INVALID,
                    "the server does not offer that version, or this host does not know the option; choose another "
                            + NfsOptions.VERSION + " or none, and look at " + NfsOptions.MORE),
            new Reason(
                    List.of("failed to resolve", "name or service not known", "resource temporarily unavailable"),
                    ErrorCode.IO_FAILED,
                    "the name of the server is not known here; is it spelt right, and is there a name server"),
            new Reason(
                    List.of("timed out", "connection refused", "no route to host", "unreachable", "host is down"),
                    ErrorCode.IO_FAILED,
                    "the server does not answer; it is tried again until it does"),
            new Reason(
                    List.of("stale file handle"),
                    ErrorCode.BAD_MOUNT,
                    "the server no longer knows what it shared by that path; share it there again"));

    private MountRefusal() {}

    static StorageException of(NfsOptions options, Commands.Result result) {
        String said = result.errors().isBlank() ? result.output() : result.errors();
        String lower = said.toLowerCase(Locale.ROOT);
        String text = "cannot mount '" + options.source() + "': " + firstLine(said);
        return REASONS.stream()
                .filter(reason -> reason.texts().stream().anyMatch(lower::contains))
                .findFirst()
                .map(reason -> new StorageException(reason.code(), text + " (" + reason.advice() + ")"))
                .orElseGet(() -> new StorageException(ErrorCode.BAD_MOUNT, text));
    }

    private static String firstLine(String said) {
        return said.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("no reason was given");
    }
}
