package io.varve.driver.nfs;

import io.varve.linux.Commands;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.linux.MountTable.Mount;
import io.varve.linux.Mounts;
import io.varve.spi.ErrorCode;
import io.varve.spi.RootMounting.Mounted;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Mounts the roots of stores and takes those mounts away again. */
final class NfsMounts {
    private static final System.Logger LOG = System.getLogger(NfsMounts.class.getName());
    private static final String PROGRAM = "mount.nfs";
    private static final Duration DEADLINE = Duration.ofSeconds(50);

    private NfsMounts() {}

    /** See {@link io.varve.spi.RootMounting#mountRoot}. */
    static Mounted mount(Path root, NfsOptions options) {
        try {
            Optional<Mount> there = MountTable.read().at(root);
            if (there.isPresent()) {
                requireSame(root, there.get(), options);
                return new Mine(root, false);
            }
            boolean fresh = !Files.exists(root);
            mountNew(root, options, fresh);
            return new Mine(root, fresh);
        } catch (IOException failure) {
            throw KernelException.storage("cannot mount '" + options.source() + "' at '" + root + "'", failure);
        }
    }

    private static void requireSame(Path root, Mount there, NfsOptions options) {
        Optional<MountTraits> traits = MountTraits.of(there);
        if (traits.isEmpty() || !there.source().equals(options.source())) {
            throw bad("'" + there.source() + "' (" + there.type() + ") is mounted at '" + root + "', not '"
                    + options.source() + "'; unmount it, or choose another root");
        }
        String version = traits.get().version();
        if (options.version().filter(wanted -> !wanted.equals(version)).isPresent()) {
            throw bad("'" + options.source() + "' is mounted at '" + root + "' with version " + version + ", not "
                    + options.version().get() + "; unmount it, or do not say " + NfsOptions.VERSION);
        }
    }

    private static StorageException bad(String why) {
        return new StorageException(ErrorCode.BAD_MOUNT, why);
    }

    private static void mountNew(Path root, NfsOptions options, boolean fresh) throws IOException {
        requireEmpty(root);
        Path program = program();
        DurableFiles.makeDirectories(root);
        try {
            List<String> command =
                    List.of(program.toString(), options.source(), root.toString(), "-o", options.mountOptions());
            Commands.Result result = Commands.run(command, DEADLINE);
            if (!result.succeeded()) {
                throw MountRefusal.of(options, result);
            }
        } catch (RuntimeException failure) {
            if (fresh) {
                Files.deleteIfExists(root);
            }
            throw failure;
        }
    }

    private static Path program() {
        return Commands.find(PROGRAM)
                .orElseThrow(() -> new StorageException(
                        ErrorCode.DRIVER_UNAVAILABLE,
                        "the program '" + PROGRAM + "' is not installed; Debian's package is 'nfs-common'"));
    }

    /** What lies where the mount will be could not be seen any more. */
    private static void requireEmpty(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        if (!Files.isDirectory(root)) {
            throw new StorageException(ErrorCode.NOT_A_DIRECTORY, "'" + root + "' is not a directory");
        }
        try (DirectoryStream<Path> content = Files.newDirectoryStream(root)) {
            if (content.iterator().hasNext()) {
                throw bad("'" + root + "' is not empty, and what is in it would be hidden; choose an empty directory");
            }
        }
    }

    /** @param fresh whether the directory was made for the mount */
    private record Mine(Path root, boolean fresh) implements Mounted {
        @Override
        public void release() {
            try {
                if (MountTable.read().at(root).flatMap(MountTraits::of).isPresent()) {
                    Mounts.unmount(root);
                }
            } catch (IOException stays) {
                LOG.log(System.Logger.Level.WARNING, "{0} stays mounted: {1}", root, stays.getMessage());
            }
        }

        @Override
        public void undo() {
            release();
            try {
                if (fresh && MountTable.read().at(root).isEmpty()) {
                    Files.deleteIfExists(root);
                }
            } catch (IOException stays) {
                LOG.log(System.Logger.Level.WARNING, "{0} stays: {1}", root, stays.getMessage());
            }
        }
    }
}
