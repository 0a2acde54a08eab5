package io.varve.driver.btrfs;

import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** The kernel's subvolumes, but no read-only snapshot of them succeeds. */
record FailingSubvolumes(Subvolumes working, IOException failure) implements Subvolumes {
    FailingSubvolumes(IOException failure) {
        this(new IoctlSubvolumes(), failure);
    }

    /** Fails as on a full disk, with the failure that the kernel gives. */
    static FailingSubvolumes noSpace() throws IOException {
        try (Descriptor full = Kernel.open(Path.of("/dev/full"), OpenFlag.WRITE)) {
            ByteBuffer data = ByteBuffer.allocateDirect(1);
            return new FailingSubvolumes(catchThrowableOfType(IOException.class, () -> full.write(data, 0)));
        }
    }

    @Override
    public void create(Path path) throws IOException {
        working.create(path);
    }

    @Override
    public void snapshot(Path source, Path target, Access access) throws IOException {
        if (access == Access.READ_ONLY) {
            throw failure;
        }
        working.snapshot(source, target, access);
    }

    @Override
    public void delete(Path path) throws IOException {
        working.delete(path);
    }

    @Override
    public void makeReadOnly(Path path) throws IOException {
        working.makeReadOnly(path);
    }
}
