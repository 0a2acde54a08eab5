package io.varve.directories;

import io.varve.linux.Commands;
import io.varve.spi.Availability;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program {@code rsync}, as rsync(1) of 3.1.3 to 3.5.0 describes it. Paths given to it are absolute, so no name is
 * taken for an option or a remote host.
 */
final class Rsync {
    private static final String NAME = "rsync";
    private static final Pattern VERSION = Pattern.compile("rsync +version v?((\\d+)\\.(\\d+)\\.(\\d+)\\S*)");

    /** 3.1.3 is the first that can compare times to the nanosecond. */
    private static final int[] OLDEST = {3, 1, 3};

    private static final Duration SHORT = Duration.ofSeconds(5);

    /** The caller's cancellation is the only limit of a copy. */
    private static final Duration UNLIMITED = Duration.ofDays(36_500);

    /** For example {@code 1,238,099 100% 146.38kB/s 0:00:08 (xfr#5, to-chk=169/396)}; {@code ir-chk} while it counts. */
    private static final Pattern PROGRESS = Pattern.compile("(ir|to)-chk=(\\d+)/(\\d+)");

    private static final List<String> FAITHFUL = List.of(
            "--archive",
            "--hard-links",
            "--sparse",
            "--numeric-ids",
            "--one-file-system",
            // Nanoseconds count: without it a file that changes twice in a second is the same.
            "--modify-window=-1",
            "--whole-file",
            "--8-bit-output",
            "--no-human-readable",
            "--info=progress2");

    private final Path program;
    private final String version;
    private final List<String> lacking;
    private final String owner;

    private Rsync(Path program, String version, List<String> lacking, String owner) {
        this.program = program;
        this.version = version;
        this.lacking = lacking;
        this.owner = owner;
    }

    /** Whether a usable rsync is installed. */
    static Availability availability() {
        Optional<Path> program = Commands.find(NAME);
        if (program.isEmpty()) {
            return Availability.missing("the program 'rsync' is not installed; Debian's package is 'rsync'");
        }
        Matcher found = VERSION.matcher(about(program.get()));
        if (!found.lookingAt()) {
            return Availability.missing(program.get() + " does not tell its version; reinstall the package 'rsync'");
        }
        return isOldEnough(found)
                ? Availability.available()
                : Availability.missing(program.get() + " is version " + found.group(1) + "; 3.1.3 or newer is needed");
    }

    /**
     * The installed program.
     *
     * @param owner whose copies these are, for {@link Commands#endLeftovers}
     */
    static Rsync installed(String owner) {
        if (availability() instanceof Availability.Unavailable no) {
            throw new StorageException(no.code(), no.reason());
        }
        Path program = Commands.find(NAME).orElseThrow(() -> Commands.missing(NAME));
        String about = about(program);
        Matcher found = VERSION.matcher(about);
        String version = found.lookingAt() ? found.group(1) : "unknown";
        List<String> lacking = List.of("ACLs", "xattrs").stream()
                .filter(ability -> about.contains("no " + ability))
                .toList();
        return new Rsync(program, version, lacking, owner);
    }

    private static String about(Path program) {
        return Commands.run(List.of(program.toString(), "--version"), SHORT).output();
    }

    private static boolean isOldEnough(Matcher version) {
        int[] numbers = {number(version, 2), number(version, 3), number(version, 4)};
        return Arrays.compare(numbers, OLDEST) >= 0;
    }

    private static int number(Matcher version, int group) {
        return Integer.parseInt(version.group(group));
    }

    String version() {
        return version;
    }

    /** What this build of rsync cannot copy, one sentence each. */
    List<String> shortcomings() {
        return lacking.stream()
                .map(ability -> "this build of rsync cannot copy " + ability + ", so snapshots lack them")
                .toList();
    }

    /**
     * Copies the content of one directory, and the directory's own attributes, into another.
     *
     * @param more options that say what to copy
     * @throws StorageException where the copy failed; what it leaves is not whole
     */
    CopyReport copy(Path from, Path to, List<String> more, Work work) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(FAITHFUL);
        if (!lacking.contains("ACLs")) {
            command.add("--acls");
        }
        if (!lacking.contains("xattrs")) {
            // Twice: those that rsync itself uses for its own purposes too, for they may be the application's data.
            command.addAll(List.of("--xattrs", "--xattrs"));
        }
        command.addAll(more);
        command.addAll(List.of(from + "/", to + "/"));
        CopyReport report = new CopyReport(from);
        Commands.Listeners listeners = new Commands.Listeners(line -> tell(line, report, work), report::error);
        return report.end(run(command, work, report, listeners));
    }

    private Commands.Result run(List<String> command, Work work, CopyReport report, Commands.Listeners listeners) {
        try {
            return Commands.run(command, owner, UNLIMITED, new StoppedByFailure(work, report), listeners);
        } catch (StorageException stopped) {
            if (report.isHopeless() && !work.cancelled()) {
                throw report.hopeless();
            }
            throw stopped;
        }
    }

    /** A copy that stops where the filesystem fails, instead of waiting for it at every file that is left. */
    private record StoppedByFailure(Work work, CopyReport report) implements Work {
        @Override
        public void progress(long done, long total, String unit) {
            work.progress(done, total, unit);
        }

        @Override
        public boolean cancelled() {
            return work.cancelled() || report.isHopeless();
        }
    }

    private static void tell(String line, CopyReport report, Work work) {
        Matcher progress = PROGRESS.matcher(line);
        if (progress.find()) {
            long left = Long.parseLong(progress.group(2));
            long known = Long.parseLong(progress.group(3));
            work.progress(known - left, progress.group(1).equals("to") ? known : 0, "files");
        } else {
            report.output(line);
        }
    }
}
