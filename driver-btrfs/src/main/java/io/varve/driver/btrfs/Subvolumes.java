package io.varve.driver.btrfs;

import io.varve.linux.Commands;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is done to subvolumes: by the kernel directly where this process may, through {@code sudo} where it may not.
 *
 * <p>Each call is all or nothing. Any thread. A path's last name is never followed where it is a symlink.
 */
interface Subvolumes {
    /** Makes an empty subvolume, durable once its parent directory is synced; EEXIST where something is there. */
    void create(Path path) throws IOException;

    /**
     * Takes a snapshot, durable on return with everything written to the source before.
     *
     * @throws IOException where something is at the target, one that {@link #isTaken} knows
     */
    void snapshot(Path source, Path target, Access access) throws IOException;

    /**
     * Removes a subvolume, read-only ones and full ones too, durable after {@link BtrfsIoctls#commit}; ENOTEMPTY
     * where other subvolumes are inside. Mounts inside would be torn off: the caller looks for them.
     */
    void delete(Path path) throws IOException;

    /** Ends all writing to a subvolume, durably, but for files that are open already. */
    void makeReadOnly(Path path) throws IOException;

    /** Whether a snapshot failed because something is at its place. */
    static boolean isTaken(IOException failure) {
        boolean byKernel = failure instanceof KernelException kernel && kernel.errno() == Errno.EEXIST;
        return byKernel || failure instanceof FileAlreadyExistsException;
    }

    /** What a new snapshot allows. */
    enum Access {
        READ_ONLY,
        WRITABLE
    }

    /**
     * How far this process may work with subvolumes. Anybody may make them and take snapshots of their own; removing one
     * with anything in it needs CAP_SYS_ADMIN of the host, or the mount option {@code user_subvol_rm_allowed} (btrfs(5)).
     */
    sealed interface Privilege {
        /** CAP_SYS_ADMIN: everything, send streams included. */
        record Full() implements Privilege {}

        /** The mount lets owners remove their subvolumes. */
        record Owner() implements Privilege {}

        /** What the kernel refuses goes through {@code sudo -n} and the tool at this path. */
        record Sudo(Path program) implements Privilege {}

        /** Nothing can be removed. */
        record None(String reason) implements Privilege {}

        /** What holds for this process on the filesystem that holds an existing path. */
        static Privilege on(Path path) throws IOException {
            Optional<MountTable.Mount> mount = MountTable.read().holding(path.toRealPath());
            if (isAdministrator(
                    Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1), userMap())) {
                return new Full();
            }
            if (mount.filter(at -> at.options().contains("user_subvol_rm_allowed"))
                    .isPresent()) {
                return new Owner();
            }
            Optional<Path> program = Commands.find("btrfs").filter(Commands::canSudo);
            if (program.isPresent()) {
                return new Sudo(program.get());
            }
            return new None(reason(mount.map(at -> at.point().toString()).orElse(path.toString())));
        }

        /**
         * Whether a process has CAP_SYS_ADMIN (21, linux/capability.h) where btrfs asks for it: in the host's own user
         * namespace, which maps every user to itself (user_namespaces(7)).
         */
        static boolean isAdministrator(String status, String userMap) {
            String field = "CapEff:";
            boolean capable = status.lines()
                    .filter(line -> line.startsWith(field))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring(field.length()).strip(), 16))
                    .anyMatch(capabilities -> (capabilities & 1L << 21) != 0);
            return capable && List.of(userMap.strip().split("\\s+", 0)).equals(List.of("0", "0", "4294967295"));
        }

        private static String userMap() throws IOException {
            return Files.readString(Path.of("/proc/self/uid_map"), StandardCharsets.ISO_8859_1);
        }

        private static String reason(String mountPoint) {
            return "removing btrfs subvolumes needs CAP_SYS_ADMIN, which this process (user " + Kernel.effectiveUser()
                    + ") does not have: run it as root or with that capability, or mount " + mountPoint
                    + " with the option user_subvol_rm_allowed, or let this user run the btrfs program through 'sudo -n'";
        }
    }
}
