package io.varve.directories;

import io.varve.linux.Commands;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What rsync said about one copy, sorted into what happens to any tree that is in use (files vanish or change while
 * they are copied: another attempt helps) and what is a failure. The texts are rsync's own under {@code LC_ALL=C}, the
 * statuses those of rsync(1). Any thread.
 */
final class CopyReport {
    /** Also where a file that was just opened is stale, and then nothing after it is copied. */
    private static final int CUT_OFF = 11;

    private static final int PARTIAL = 23;
    private static final int VANISHED = 24;
    private static final int NAMED = 10;
    private static final int QUOTED = 5;

    /**
     * Also for a listed name that is gone, and for attributes of a file that is; only the reading side may say it. Over NFS
     * a file that goes while it is read is stale.
     */
    private static final Pattern GONE = Pattern.compile("(?:file|directory) has vanished: .*"
            + "|rsync: (?:\\[sender] )?(?!\\[|change_dir)"
            + ".*: (?:No such file or directory \\(2\\)|Stale file handle \\(116\\))");

    /** The filesystem itself fails, or the server behind it: every file that is left would fail too, each after a while. */
    private static final Pattern HOPELESS =
            Pattern.compile("rsync: .*: (?:Input/output error \\(5\\)|Connection timed out \\(110\\))");

    /** A file became shorter while it was read: rsync reads it again. */
    private static final Pattern SHRUNK =
            Pattern.compile("rsync: (?:\\[sender] )?read errors mapping .*: No data available \\(61\\)");

    /** A file changed each time it was read, or a file took the place of a directory: it is not in the copy. */
    private static final Pattern LOST = Pattern.compile(
            "ERROR: .* failed verification -- .*" + "|cannot delete non-empty directory: .*|could not make way for .*");

    private static final Pattern REMARK =
            Pattern.compile("rsync (?:error|warning): .*|WARNING: .* failed verification -- .*|\\*\\*\\* Skipping .*|");

    private static final Pattern SKIPPED = Pattern.compile("skipping (?:non-regular file|socket) .*");
    private static final Pattern NAME = Pattern.compile("\"(.*)\"");

    private final Path from;
    private final Set<String> gone = new TreeSet<>();
    private final Set<String> shrunk = new TreeSet<>();
    private final Set<String> lost = new TreeSet<>();
    private final Set<String> skipped = new TreeSet<>();
    private final List<String> failures = new ArrayList<>();
    private int status;
    private boolean hopeless;

    CopyReport(Path from) {
        this.from = from;
    }

    synchronized void output(String line) {
        if (SKIPPED.matcher(line).matches()) {
            skipped.add(name(line));
        }
    }

    synchronized void error(String line) {
        if (GONE.matcher(line).matches() && !line.contains("\"" + from + "\"")) {
            gone.add(name(line));
        } else if (SHRUNK.matcher(line).matches()) {
            shrunk.add(name(line));
        } else if (LOST.matcher(line).matches()) {
            lost.add(line);
        } else if (!REMARK.matcher(line).matches()) {
            failures.add(line);
            hopeless |= HOPELESS.matcher(line).matches();
        }
    }

    /** Whether going on with the copy can lead to nothing. */
    synchronized boolean isHopeless() {
        return hopeless;
    }

    synchronized StorageException hopeless() {
        return new StorageException(ErrorCode.IO_FAILED, "copying " + from + ": rsync was stopped: " + first(failures));
    }

    private String name(String line) {
        Matcher quoted = NAME.matcher(line);
        String name = quoted.find() ? quoted.group(1) : line;
        String prefix = from + "/";
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    /** Takes the end of the program. @throws StorageException where the copy failed */
    synchronized CopyReport end(Commands.Result result) {
        status = result.status();
        boolean disturbed = !gone.isEmpty() || !shrunk.isEmpty() || !lost.isEmpty();
        boolean onlyDisturbed = disturbed && failures.isEmpty();
        if (status == CUT_OFF && onlyDisturbed) {
            lost.add("rsync was cut off by a file that went while it was opened");
            return this;
        }
        boolean harmless = status == 0 || status == VANISHED || (status == PARTIAL && onlyDisturbed);
        if (!harmless) {
            throw new StorageException(
                    code(), "copying " + from + ": rsync ended with status " + status + ": " + said(result));
        }
        return this;
    }

    private ErrorCode code() {
        if (fails("No space left on device") || fails("Disk quota exceeded")) {
            return ErrorCode.NO_SPACE;
        }
        if (fails("Permission denied") || fails("Operation not permitted")) {
            return ErrorCode.PERMISSION_DENIED;
        }
        return hopeless ? ErrorCode.IO_FAILED : ErrorCode.COMMAND_FAILED;
    }

    private boolean fails(String reason) {
        return failures.stream().anyMatch(line -> line.contains(reason));
    }

    private String said(Commands.Result result) {
        List<String> lines = failures.isEmpty() ? result.errors().lines().toList() : failures;
        return first(lines);
    }

    private static String first(List<String> lines) {
        String shown = String.join("; ", lines.subList(0, Math.min(lines.size(), QUOTED)));
        return lines.size() > QUOTED ? shown + "; and " + (lines.size() - QUOTED) + " more" : shown;
    }

    /** Whether nothing disturbed the copy, so that another attempt would not be better. */
    synchronized boolean isWhole() {
        return status == 0;
    }

    /** Whether everything that is still there was copied. @throws StorageException {@code IO_FAILED} where not */
    synchronized void requireUsable() {
        if (!lost.isEmpty()) {
            throw new StorageException(
                    ErrorCode.IO_FAILED,
                    "files changed faster than they could be copied, at every attempt: " + some(lost)
                            + "; try when they change less");
        }
    }

    /** What a person should know of a copy that is kept. */
    synchronized List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (status != 0 && gone.isEmpty() && shrunk.isEmpty()) {
            warnings.add("some files vanished while they were copied and are not in the snapshot");
        }
        if (!gone.isEmpty()) {
            warnings.add(count(gone) + " vanished while being copied and may be missing here: " + some(gone));
        }
        if (!shrunk.isEmpty()) {
            warnings.add(count(shrunk) + " became shorter while being copied: " + some(shrunk));
        }
        if (!skipped.isEmpty()) {
            warnings.add(count(skipped) + " could not be copied without root: " + some(skipped));
        }
        return warnings;
    }

    private static String count(Set<String> names) {
        return names.size() == 1 ? "1 file" : names.size() + " files";
    }

    private static String some(Set<String> names) {
        String shown = String.join(", ", names.stream().limit(NAMED).toList());
        return names.size() > NAMED ? shown + ", ..." : shown;
    }
}
