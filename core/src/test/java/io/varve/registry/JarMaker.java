package io.varve.registry;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/** Compiles sources and packs them, as the author of a drop-in driver would. */
final class JarMaker {
    private static final String SERVICE = "META-INF/services/io.varve.spi.DriverProvider";

    private final Path work;
    private final Map<String, byte[]> content = new TreeMap<>();

    /** @param work an empty directory */
    JarMaker(Path work) {
        this.work = work;
    }

    JarMaker services(String... classNames) {
        return file(SERVICE, String.join("\n", classNames) + "\n");
    }

    JarMaker file(String name, String text) {
        content.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Adds the classes of one source; {@code className} with its package. */
    JarMaker source(String className, String text) throws IOException {
        Path classes = Files.createTempDirectory(work, "classes");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        boolean compiled = compiler.getTask(null, null, null, options, null, List.of(new Source(className, text)))
                .call();
        assertThat(compiled).as("the test's own source compiles").isTrue();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return this;
    }

    Path pack(Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return jar;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(
                    URI.create("string:///" + className.replace('.', '/') + JavaFileObject.Kind.SOURCE.extension),
                    JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
