package io.varve.driver.nfs;

import io.varve.directories.DirectoryDriver;
import io.varve.directories.DirectorySettings;
import io.varve.directories.StepwiseMoves;
import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.linux.RealPaths;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.RootMounting;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds out whether a root is on NFS, mounts it where the options say what, and opens stores there. */
public final class NfsDriverProvider implements DriverProvider, RootMounting {
    private static final DriverType TYPE = DriverType.of("nfs");

    /** linux/magic.h, NFS_SUPER_MAGIC: all versions. */
    private static final long MAGIC = 0x6969;

    /** What a file that is removed while it is open is called until it is closed: nfs_sillyrename() of fs/nfs/dir.c. */
    private static final Pattern REMOVED = Pattern.compile("\\.nfs[0-9a-f]{24}");

    @Override
    public DriverType type() {
        return TYPE;
    }

    @Override
    public List<DriverOption> options() {
        return NfsOptions.ALL;
    }

    @Override
    public Set<Capability> capabilities() {
        return DirectoryDriver.CAPABILITIES;
    }

    @Override
    public Availability probe(Path root) {
        Availability copying = DirectoryDriver.availability();
        if (copying instanceof Availability.Unavailable) {
            return copying;
        }
        Path existing = RealPaths.nearestExisting(root.normalize());
        try (Descriptor open = Kernel.open(existing, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            return probe(existing, open);
        } catch (IOException failure) {
            StorageException known = KernelException.storage("look at " + existing, failure);
            return new Availability.Unavailable(known.code(), String.valueOf(known.getMessage()));
        }
    }

    private static Availability probe(Path directory, Descriptor open) throws IOException {
        if (open.filesystemMagic() != MAGIC) {
            return Availability.unsuitable(directory + " is not on NFS; mount what a server shares there, or say by "
                    + NfsOptions.SERVER + " and " + NfsOptions.PATH + " what is to be mounted");
        }
        if (Kernel.space(directory).readOnly()) {
            return Availability.unsuitable(directory + " is mounted read-only");
        }
        if (!Files.isWritable(directory)) {
            return new Availability.Unavailable(
                    ErrorCode.PERMISSION_DENIED,
                    "the server lets user " + Kernel.effectiveUser() + " of this host not write to " + directory
                            + "; share it for writing, for root without 'root_squash'");
        }
        return Availability.available();
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return NfsOptions.problems(options);
    }

    @Override
    public Mounted mountRoot(Path root, Map<String, String> options) {
        return NfsOptions.of(options).map(named -> NfsMounts.mount(root, named)).orElse(Mounted.NOTHING);
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        return DirectoryDriver.open(layout, settings(layout));
    }

    static DirectorySettings settings(StoreLayout layout) {
        try {
            requireOwnName(layout);
            MountTraits traits = MountTable.read()
                    .holding(layout.root().toRealPath())
                    .flatMap(MountTraits::of)
                    .orElseThrow(() -> new StorageException(
                            ErrorCode.FILESYSTEM_UNSUITABLE, "'" + layout.root() + "' is not on NFS any more"));
            return new DirectorySettings(
                    false,
                    traits.outdated(),
                    traits.hasServerCopies(),
                    NfsDriverProvider::isRemoved,
                    StepwiseMoves::new,
                    traits.facts());
        } catch (IOException failure) {
            throw KernelException.storage("open the store at " + layout.root(), failure);
        }
    }

    private static boolean isRemoved(RawName name) {
        return REMOVED.matcher(name.latin1()).matches();
    }

    /** Whom the server takes for somebody else cannot keep the owners of files. */
    private static void requireOwnName(StoreLayout layout) throws IOException {
        int owner = Kernel.stat(layout.driverPrivate()).owner();
        if (owner != Kernel.effectiveUser()) {
            throw new StorageException(
                    ErrorCode.PERMISSION_DENIED,
                    "what user " + Kernel.effectiveUser() + " makes below '" + layout.root() + "' belongs to user "
                            + owner
                            + " there: the server takes it for somebody else, so owners of files would be lost; share it"
                            + " with 'no_root_squash'");
        }
    }
}
