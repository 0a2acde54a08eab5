package io.varve.appliance;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;

/** The Unix socket in the file system: who may connect is who may write to it. */
final class SocketFile {
    private static final String GROUP = "varve";

    private final Path path;

    SocketFile(Path path) {
        this.path = path;
    }

    /** Makes the directory, and removes the socket that a killed appliance left; one that answers stays. */
    void makeRoom() {
        try {
            Path directory = path.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                removeStale();
            }
        } catch (IOException failure) {
            throw failed("make room for", failure);
        }
    }

    private void removeStale() throws IOException {
        if (answers()) {
            throw new StorageException(ErrorCode.BUSY, "another appliance answers on the socket '" + path + "'");
        }
        Files.delete(path);
    }

    private boolean answers() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException refused) {
            return false;
        }
    }

    /** Mode 0660; group varve where there is one. Until then the umask lets nobody else write to it. */
    void guard() {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            Optional<GroupPrincipal> group = group();
            if (group.isPresent()) {
                view.setGroup(group.get());
            }
            view.setPermissions(PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException failure) {
            throw failed("guard", failure);
        }
    }

    private static Optional<GroupPrincipal> group() throws IOException {
        try {
            return Optional.of(
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(GROUP));
        } catch (UserPrincipalNotFoundException none) {
            return Optional.empty();
        }
    }

    private StorageException failed(String action, IOException failure) {
        return new StorageException(
                ErrorCode.IO_FAILED, "cannot " + action + " the socket '" + path + "': " + failure, failure);
    }
}
