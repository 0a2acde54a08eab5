package io.varve.browse;

import io.varve.linux.FileStat;

import java.time.Duration;
import java.time.Instant;

/** When two things of one name are taken for equal without reading them. */
public sealed interface Accuracy {
    /**
     * When they are one file (a hard link), or have one inode number and were modified and changed at the same
     * nanosecond, as what a snapshot and its volume have in common. A file that keeps its size and modification time
     * and has another content is found; files that were copied one by one are read.
     */
    Accuracy EXACT = new Exact();

    /** When they were modified at the same nanosecond, as rsync(1) does. */
    Accuracy QUICK = new Quick();

    /**
     * When they are one file, or were modified at the same nanosecond and the later one was not changed since the earlier
     * one was copied: nobody can set the change time. More exact than {@link #EXACT}, since what was changed right before
     * is read too, and what was copied one by one is not read.
     *
     * @param begun when the copying of the earlier tree from the later one began, by this host's clock
     */
    static Accuracy copied(Instant begun) {
        return new Copied(begun);
    }

    /** Whether contents of equal size are equal. */
    boolean trustsContent(FileStat before, FileStat after);

    /** Whether nothing at all differs but what these two tell: neither link texts nor attributes. */
    boolean trustsAll(FileStat before, FileStat after);

    /** See {@link #EXACT}. */
    record Exact() implements Accuracy {
        @Override
        public boolean trustsContent(FileStat before, FileStat after) {
            return isUntouched(before, after);
        }

        @Override
        public boolean trustsAll(FileStat before, FileStat after) {
            return isUntouched(before, after);
        }
    }

    /** See {@link #QUICK}. */
    record Quick() implements Accuracy {
        @Override
        public boolean trustsContent(FileStat before, FileStat after) {
            return before.modified().equals(after.modified());
        }

        @Override
        public boolean trustsAll(FileStat before, FileStat after) {
            return isUntouched(before, after);
        }
    }

    /** See {@link #copied}. */
    record Copied(Instant begun) implements Accuracy {
        /** The kernel stamps changes with a clock that is up to some milliseconds behind (ktime_get_coarse_real_ts64). */
        private static final Duration MARGIN = Duration.ofSeconds(1);

        @Override
        public boolean trustsContent(FileStat before, FileStat after) {
            return trustsAll(before, after);
        }

        @Override
        public boolean trustsAll(FileStat before, FileStat after) {
            boolean old = after.changed().isBefore(begun.minus(MARGIN));
            return isOneFile(before, after) || (old && before.modified().equals(after.modified()));
        }

        private static boolean isOneFile(FileStat before, FileStat after) {
            return before.device() == after.device() && before.inode() == after.inode();
        }
    }

    /**
     * One file of the past that both trees still have. Snapshots keep inode numbers, nobody can set the change time, and
     * every change moves it; changes within one tick of the kernel's clock (milliseconds, before Linux 6.13) share one.
     */
    private static boolean isUntouched(FileStat before, FileStat after) {
        return before.inode() == after.inode()
                && before.changed().equals(after.changed())
                && before.modified().equals(after.modified());
    }
}
