package io.varve.directories;

import io.varve.directories.HeadWalk.Elsewhere;
import io.varve.directories.HeadWalk.Findings;
import io.varve.directories.LinkBases.LinkBase;
import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies a head into a new tree that shares unchanged files with a base.
 *
 * <p>A head changes while it is copied. Where rsync says so, the copy is made again, at most three times, each time
 * into a new tree with the former attempt as base: in the same tree, rsync would set attributes of files that are
 * shared with older snapshots.
 */
final class SnapshotCopy {
    private static final int ATTEMPTS = 3;
    private static final int NAMED = 10;

    private final Rsync rsync;
    private final HeadWalk.Manner manner;
    private final DirectorySettings settings;

    SnapshotCopy(Rsync rsync, HeadWalk.Manner manner, DirectorySettings settings) {
        this.rsync = rsync;
        this.manner = manner;
        this.settings = settings;
    }

    /** A copy that is not yet a snapshot. */
    record Draft(Path tree, Likeness likeness, List<String> warnings) {}

    private record Attempt(Path tree, Likeness likeness, Findings findings, CopyReport report) {
        LinkBase asBase() {
            return new LinkBase(tree, likeness);
        }
    }

    /**
     * Copies durably.
     *
     * @param room an empty directory on the head's filesystem, for everything that is made
     * @throws StorageException where the copy failed or was cancelled
     */
    Draft copy(Path head, Optional<LinkBase> base, Path room, Work work) throws IOException {
        long inode = Kernel.stat(head).inode();
        Place first = begin(room, 1);
        // Opened before anything is copied: an error of writing back is told to descriptors that were open when it
        // happened.
        try (Descriptor filesystem = Kernel.open(room, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            Attempt attempt = attempt(head, base, first, work);
            for (int number = 2; number <= ATTEMPTS && !attempt.report().isWhole(); number++) {
                Optional<LinkBase> former = settings.checksum() ? base : Optional.of(attempt.asBase());
                attempt = attempt(head, former, begin(room, number), work);
            }
            attempt.report().requireUsable();
            requireSame(head, inode);
            filesystem.syncFilesystem();
            return new Draft(attempt.tree(), attempt.likeness(), warnings(attempt));
        }
    }

    /**
     * Where one attempt puts things.
     *
     * @param since what changes in the head from then on changes a file's change time
     */
    private record Place(Path tree, Path list, Path exclude, Instant since) {}

    private Place begin(Path room, int number) throws IOException {
        Path place = Files.createDirectory(room.resolve(Integer.toString(number)));
        Path tree = Files.createDirectory(place.resolve("tree"));
        Path list = Files.createFile(place.resolve("list"));
        Instant since = DriverFiles.now(place).minus(settings.outdated());
        // What a program writes through a memory mapping changes a file's times only when the page is clean.
        DriverFiles.writeBack(place);
        return new Place(tree, list, place.resolve("exclude"), since);
    }

    private Attempt attempt(Path head, Optional<LinkBase> base, Place place, Work work) throws IOException {
        Optional<LinkBase> trusted = base.filter(this::isTrusted);
        Findings findings;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(place.list()))) {
            findings = HeadWalk.walk(head, trusted, place.tree(), manner, path -> put(out, "./", path, ""), work);
        }
        List<String> selection =
                trusted.isPresent() ? listed(place.list()) : everything(base, findings, place.exclude());
        CopyReport report = rsync.copy(head, place.tree(), selection, work);
        return new Attempt(place.tree(), findings.places().build(place.since()), findings, report);
    }

    private boolean isTrusted(LinkBase base) {
        return !settings.checksum() && base.likeness().isKnown();
    }

    private static List<String> listed(Path list) throws IOException {
        return Files.size(list) == 0 ? List.of("--exclude=/*") : List.of("--from0", "--files-from=" + list);
    }

    private static List<String> everything(Optional<LinkBase> base, Findings findings, Path exclude)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(exclude))) {
            for (Elsewhere elsewhere : findings.elsewhere()) {
                if (elsewhere.directory()) {
                    put(out, "/", escaped(elsewhere.path()), "/**");
                }
            }
            for (RawName removed : findings.removed()) {
                put(out, "/", escaped(removed), "");
            }
        }
        List<String> options = new ArrayList<>(List.of("--from0", "--exclude-from=" + exclude));
        base.ifPresent(known -> options.addAll(List.of("--checksum", "--link-dest=" + known.tree())));
        return options;
    }

    /** In a pattern of rsync with a wildcard, a backslash takes the meaning of the character after it. */
    private static RawName escaped(RawName path) {
        return RawName.ofLatin1(path.latin1().replaceAll("[\\\\*?\\[]", "\\\\$0"));
    }

    private static void put(OutputStream out, String before, RawName path, String after) throws IOException {
        out.write(before.getBytes(StandardCharsets.US_ASCII));
        out.write(path.bytes());
        out.write(after.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
    }

    private static void requireSame(Path head, long inode) throws IOException {
        if (Kernel.stat(head).inode() != inode) {
            throw new StorageException(
                    ErrorCode.IO_FAILED, "the directory " + head + " was replaced by another while it was copied");
        }
    }

    private List<String> warnings(Attempt attempt) {
        List<String> warnings = new ArrayList<>(attempt.report().warnings());
        attempt.findings().elsewhere().stream()
                .limit(NAMED)
                .map(SnapshotCopy::describe)
                .forEach(warnings::add);
        long foreign = attempt.findings().foreign();
        if (foreign > 0 && !Kernel.isRoot()) {
            warnings.add(foreign + " files belong to other users; without root, the copies belong to user "
                    + Kernel.effectiveUser());
        }
        warnings.addAll(rsync.shortcomings());
        return warnings;
    }

    private static String describe(Elsewhere elsewhere) {
        return elsewhere.directory()
                ? "another filesystem is at '" + elsewhere.path() + "'; what is on it is not in the snapshot"
                : "a file of elsewhere is mounted at '" + elsewhere.path() + "'; the snapshot has what it shows";
    }
}
