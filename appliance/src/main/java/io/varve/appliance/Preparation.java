package io.varve.appliance;

import io.varve.appliance.config.ConfigurationFault;
import io.varve.appliance.config.Settings;
import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What must hold before the application starts: a state directory of our own, room for the socket, the doors' names. */
final class Preparation {
    private final Settings settings;

    Preparation(Settings settings) {
        this.settings = settings;
    }

    void run() {
        requireKernel();
        lockState();
        try {
            new SocketFile(settings.socket()).makeRoom();
        } catch (StorageException failure) {
            throw new ConfigurationFault(List.of(String.valueOf(failure.getMessage())));
        }
        System.setProperty("varve.socket", settings.socket().toString());
        System.setProperty("varve.http.host", settings.httpHost());
        System.setProperty("varve.http.port", Integer.toString(settings.httpPort()));
    }

    /** Data is not entrusted to anything that stands in for the kernel. */
    private static void requireKernel() {
        Optional<String> fault = kernelFault();
        if (fault.isPresent()) {
            throw new ConfigurationFault(List.of("system calls do not reach the kernel: " + fault.get()));
        }
    }

    private static Optional<String> kernelFault() {
        try {
            return Kernel.isNative() ? Optional.empty() : Optional.of("something else answers them");
        } catch (LinkageError failure) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return Optional.of(cause.toString());
        }
    }

    /** The lock lives as long as the process: two appliances must not share policies and tokens. */
    @SuppressWarnings("resource")
    private void lockState() {
        Path directory = settings.stateDirectory();
        try {
            DurableFiles.makeDirectories(directory);
            Kernel.setPermissions(directory, 0700);
            Descriptor lock = Kernel.open(directory.resolve("lock"), OpenFlag.READ_WRITE, OpenFlag.CREATE);
            if (!lock.tryLock()) {
                throw new ConfigurationFault(List.of("another appliance uses the state directory '" + directory + "'"));
            }
        } catch (IOException failure) {
            throw new ConfigurationFault(
                    List.of("the state directory '" + directory + "' cannot be used: " + failure.getMessage()));
        }
    }
}
