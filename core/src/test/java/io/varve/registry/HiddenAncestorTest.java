package io.varve.registry;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.linux.Trees;
import io.varve.spi.DriverType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** Roots below directories that may be entered and not listed, as {@code /home} often is; seen by a user who is not root. */
class HiddenAncestorTest {
    private static final DriverType SAND = DriverType.of("sand");

    private Path temp = Path.of("/");

    @BeforeEach
    void makeDirectoryForAll() throws IOException {
        temp = Files.createTempDirectory("varve-hidden");
        Kernel.setPermissions(temp, 0777);
    }

    @AfterEach
    void remove() throws IOException {
        Kernel.setPermissions(temp.resolve("home"), 0755);
        Trees.remove(temp);
    }

    @Test
    void theyAreSearchedForTheStoresThatCanBeThere() throws Exception {
        Path home = Files.createDirectory(temp.resolve("home"));
        Path root = Files.createDirectories(home.resolve("user/root"));
        Kernel.setPermissions(home, 0311);
        assertThat(asUser(root)).as("what is around a plain directory").isEqualTo("Optional.empty");

        Kernel.setPermissions(home, 0755);
        Files.createFile(Files.createDirectory(home.resolve(".sand")).resolve(".initialized"));
        Kernel.setPermissions(home, 0311);
        assertThat(asUser(root)).as("what is around a store's").isEqualTo("Optional[" + home + "]");
    }

    /** This process where it is not root's, else one of nobody's with the classes where anybody can read them. */
    private String asUser(Path root) throws Exception {
        Set<DriverType> types = Set.of(SAND);
        if (!Kernel.isRoot()) {
            return Roots.enclosing(root, types).toString();
        }
        String setpriv = Commands.find("setpriv").orElseThrow().toString();
        List<String> command = new ArrayList<>(List.of(setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"));
        String program = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        command.addAll(List.of(program, "-cp", readableClasses(), Look.class.getName(), root.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    private String readableClasses() throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":", 0)) {
            if (Files.isDirectory(Path.of(entry))) {
                Path copy = temp.resolve("classes" + copies.size());
                if (!Files.exists(copy)) {
                    copyTree(Path.of(entry), copy);
                }
                copies.add(copy.toString());
            }
        }
        return String.join(":", copies);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    /** Prints the store around its argument. */
    static final class Look {
        private Look() {}

        public static void main(String[] arguments) {
            Optional<Path> found = Roots.enclosing(Path.of(arguments[0]), Set.of(SAND));
            System.out.println(found);
        }
    }
}
