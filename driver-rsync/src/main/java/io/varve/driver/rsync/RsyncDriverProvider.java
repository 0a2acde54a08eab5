package io.varve.driver.rsync;

import io.varve.directories.DirectoryDriver;
import io.varve.directories.DirectorySettings;
import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
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

/** Finds out whether rsync stores can be opened, and opens them. */
public final class RsyncDriverProvider implements DriverProvider {
    static final String CHECKSUM = "rsync.checksum";

    private static final DriverType TYPE = DriverType.of("rsync");

    private static final String NO_LINKS = " has no hard links, owners and modes of its own";
    private static final String NO_EXCHANGE =
            " cannot exchange two directories in one step, without which no rollback is safe";

    /** What cannot hold a store, by filesystem magic (linux/magic.h); of others, {@link #open} finds out by trying. */
    private static final Map<Long, String> UNSUITABLE = Map.of(
            0x6969L, "NFS" + NO_EXCHANGE,
            0x517BL, "SMB" + NO_EXCHANGE,
            0xFF534D42L, "CIFS" + NO_EXCHANGE,
            0xFE534D42L, "SMB" + NO_EXCHANGE,
            0x4d44L, "FAT" + NO_LINKS,
            0x2011BAB0L, "exFAT" + NO_LINKS,
            0x9fa0L, "/proc is no place for files",
            0x62656572L, "/sys is no place for files");

    @Override
    public DriverType type() {
        return TYPE;
    }

    @Override
    public List<DriverOption> options() {
        return List.of(new DriverOption(
                CHECKSUM,
                "Whether every snapshot reads all files, also those whose change time shows that they are unchanged.",
                "false"));
    }

    @Override
    public Set<Capability> capabilities() {
        return DirectoryDriver.CAPABILITIES;
    }

    @Override
    public Availability probe(Path root) {
        Availability program = DirectoryDriver.availability();
        if (program instanceof Availability.Unavailable) {
            return program;
        }
        Path existing = RealPaths.nearestExisting(root.normalize());
        try (Descriptor open = Kernel.open(existing, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            return probe(existing, open);
        } catch (IOException failure) {
            StorageException known = KernelException.storage("look at " + existing, failure);
            return new Availability.Unavailable(
                    known.code() == ErrorCode.PERMISSION_DENIED
                            ? ErrorCode.PERMISSION_DENIED
                            : ErrorCode.FILESYSTEM_UNSUITABLE,
                    String.valueOf(known.getMessage()));
        }
    }

    private static Availability probe(Path directory, Descriptor open) throws IOException {
        String why = UNSUITABLE.get(open.filesystemMagic());
        if (why != null) {
            return Availability.unsuitable(directory + " is on a filesystem that cannot hold a store: " + why);
        }
        if (Kernel.space(directory).readOnly()) {
            return Availability.unsuitable(directory + " is on a filesystem that is mounted read-only");
        }
        if (!Files.isWritable(directory)) {
            return new Availability.Unavailable(
                    ErrorCode.PERMISSION_DENIED,
                    "user " + Kernel.effectiveUser() + " may not write to " + directory
                            + "; give it the directory, or choose another root");
        }
        return Availability.available();
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        String checksum = options.getOrDefault(CHECKSUM, "false");
        return List.of("true", "false").contains(checksum)
                ? List.of()
                : List.of(CHECKSUM + " is '" + checksum + "', but must be 'true' or 'false'.");
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        return DirectoryDriver.open(layout, settings(options));
    }

    static DirectorySettings settings(Map<String, String> options) {
        return DirectorySettings.local(Boolean.parseBoolean(options.getOrDefault(CHECKSUM, "false")));
    }
}
