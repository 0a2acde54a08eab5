package io.varve.driver.rsync;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.linux.Trees;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs classes of the tests in a process of a user who is not root: of this one, or, where this one is root, of nobody. */
final class OtherUser implements AutoCloseable {
    private static final String NOBODY = "65534";
    private static final int ALL = 0777;

    private final Path temp;

    OtherUser() throws IOException {
        // JUnit's own temporary directories are for their owner alone.
        temp = Files.createTempDirectory("varve-rsync-user-");
        Kernel.setPermissions(temp, ALL);
    }

    /** A new empty directory that the user may write to. */
    Path newDirectory(String name) throws IOException {
        Path directory = Files.createDirectory(temp.resolve(name));
        Kernel.setPermissions(directory, ALL);
        return directory;
    }

    /** Runs a class with a {@code main} to its end; answers the exit status. */
    int run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        if (!Kernel.isRoot()) {
            return ChildJvm.start(main, arguments).waitFor();
        }
        String setpriv = Commands.find("setpriv")
                .orElseThrow(() -> Commands.missing("setpriv"))
                .toString();
        List<String> prefix = List.of(setpriv, "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        return ChildJvm.start(prefix, readableClassPath(), main, arguments).waitFor();
    }

    /** The class path may be below a home directory that others cannot enter. */
    private String readableClassPath() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":", 0)) {
            if (Files.exists(Path.of(entry))) {
                Path copy = temp.resolve("cp" + entries.size());
                copyTree(Path.of(entry), copy);
                entries.add(copy.toString());
            }
        }
        return String.join(":", entries);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        Trees.remove(temp);
    }
}
