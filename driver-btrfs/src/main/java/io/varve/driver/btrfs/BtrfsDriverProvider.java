package io.varve.driver.btrfs;

import io.varve.linux.Descriptor;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.linux.OpenFlag;
import io.varve.linux.RealPaths;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stores on btrfs filesystems. Needs Linux 4.18 (5.8 to notice mounts over a volume), a root on btrfs that this process
 * may write to, and the right to remove subvolumes (see {@link Subvolumes.Privilege}); takes no options.
 */
public final class BtrfsDriverProvider implements DriverProvider {
    @Override
    public DriverType type() {
        return DriverType.of("btrfs");
    }

    @Override
    public List<DriverOption> options() {
        return List.of();
    }

    /** What a store can do at most: streams need CAP_SYS_ADMIN, so one opened without does not offer them. */
    @Override
    public Set<Capability> capabilities() {
        return Set.of(
                Capability.INSTANT_SNAPSHOT,
                Capability.COMMITS_FILESYSTEM,
                Capability.IMPORT,
                Capability.NATIVE_STREAM,
                Capability.CHANGE_DETECTION);
    }

    @Override
    public Availability probe(Path root) {
        try {
            return probeExisting(RealPaths.nearestExisting(root.normalize()).toRealPath());
        } catch (KernelException failure) {
            String reason = "cannot look at " + root + ": " + failure.getMessage();
            return new Availability.Unavailable(codeOf(failure), reason);
        } catch (IOException failure) {
            return Availability.missing("cannot look at " + root + ": " + failure.getMessage());
        }
    }

    private static ErrorCode codeOf(KernelException failure) {
        ErrorCode code = failure.errno().code();
        return code == ErrorCode.PERMISSION_DENIED ? code : ErrorCode.DRIVER_UNAVAILABLE;
    }

    private static Availability probeExisting(Path path) throws IOException {
        try (Descriptor open = Kernel.open(path, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            if (open.filesystemMagic() != BtrfsIoctls.MAGIC) {
                return Availability.unsuitable(path + " is on " + filesystem(path)
                        + ", not on btrfs: choose a root on a btrfs filesystem, or another driver");
            }
            if (isTooOld(open)) {
                return Availability.missing("this kernel cannot list subvolumes; Linux 4.18 or newer can");
            }
        }
        if (Kernel.space(path).readOnly()) {
            return Availability.missing("the btrfs filesystem that holds " + path + " is mounted read-only");
        }
        if (!Files.isWritable(path)) {
            return denied("user " + Kernel.effectiveUser() + " may not write to " + path);
        }
        return switch (Subvolumes.Privilege.on(path)) {
            case Subvolumes.Privilege.None none -> denied(none.reason());
            case Subvolumes.Privilege.Full full -> Availability.available();
            case Subvolumes.Privilege.Owner owner -> Availability.available();
            case Subvolumes.Privilege.Sudo sudo -> Availability.available();
        };
    }

    private static Availability denied(String reason) {
        return new Availability.Unavailable(ErrorCode.PERMISSION_DENIED, reason);
    }

    private static String filesystem(Path path) throws IOException {
        return MountTable.read()
                .holding(path)
                .map(mount -> "the " + mount.type() + " filesystem mounted at " + mount.point())
                .orElse("another filesystem");
    }

    private static boolean isTooOld(Descriptor open) throws IOException {
        try {
            BtrfsIoctls.info(open);
            return false;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOTTY) {
                return true;
            }
            throw failure;
        }
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return List.of();
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        Path root = layout.root();
        switch (probe(root)) {
            case Availability.Available available -> {}
            case Availability.Unavailable unavailable ->
                throw new StorageException(
                        unavailable.code(), "cannot open the store " + root + ": " + unavailable.reason());
        }
        try {
            return open(layout, Subvolumes.Privilege.on(root));
        } catch (IOException failure) {
            throw KernelException.storage("cannot open the store " + root, failure);
        }
    }

    private static Driver open(StoreLayout layout, Subvolumes.Privilege privilege) throws IOException {
        return switch (privilege) {
            case Subvolumes.Privilege.Full full -> new BtrfsDriver(layout, new IoctlSubvolumes(), true);
            case Subvolumes.Privilege.Owner owner -> new BtrfsDriver(layout, new IoctlSubvolumes(), false);
            case Subvolumes.Privilege.Sudo sudo ->
                new BtrfsDriver(layout, new SudoSubvolumes(new IoctlSubvolumes(), sudo.program()), false);
            case Subvolumes.Privilege.None none ->
                throw new StorageException(
                        ErrorCode.PERMISSION_DENIED, "cannot open the store " + layout.root() + ": " + none.reason());
        };
    }
}
