package io.varve.conformance;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** A thread that makes and removes files and directories all the time. */
final class Restless {
    private final Path directory;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
    private volatile boolean ended;

    Restless(Path directory) {
        this.directory = directory;
    }

    void start() {
        thread.start();
    }

    void end() throws InterruptedException {
        ended = true;
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError("the volume was not usable meanwhile", failure.get());
        }
    }

    /** Over NFS a removed file that somebody still reads keeps its directory until it is closed. */
    private static void deleteIfEmpty(Path inner) throws IOException {
        try {
            Files.delete(inner);
        } catch (DirectoryNotEmptyException stillRead) {
            return;
        }
    }

    private void run() {
        try {
            Files.createDirectories(directory);
            for (int i = 0; !ended; i++) {
                Path inner = directory.resolve("d" + i % 40);
                if (Files.exists(inner)) {
                    Files.deleteIfExists(inner.resolve("file"));
                    deleteIfEmpty(inner);
                } else {
                    Files.createDirectory(inner);
                    Files.writeString(inner.resolve("file"), "comes and goes");
                }
            }
        } catch (IOException | RuntimeException broken) {
            failure.set(broken);
        }
    }
}
