package io.varve.house;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The sources of core as the compiler reads them. */
final class Sources {
    /** The directory of core; tests run there. */
    static final Path CORE = Path.of("").toAbsolutePath();

    /**
     * A method or constructor with a body.
     *
     * @param lines from its name's line to its closing brace
     * @param refuses whether it is an interface's default method that throws
     * @param table whether it is one expression, as the rows of a parameterized test are
     */
    record Method(String name, long lines, boolean refuses, boolean table) {}

    record Interface(String name, int methods) {}

    record Source(Path file, int lines, List<Method> methods, List<Interface> interfaces) {}

    private Sources() {}

    static List<Source> below(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return read(all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Source> read(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Source> sources = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    new StringWriter(),
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                Reader reader = new Reader(unit, positions);
                reader.scan(unit, null);
                Path file = Path.of(unit.getSourceFile().toUri());
                sources.add(new Source(file, Files.readAllLines(file).size(), reader.methods, reader.interfaces));
            }
        }
        return sources;
    }

    private static final class Reader extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Method> methods = new ArrayList<>();
        private final List<Interface> interfaces = new ArrayList<>();
        private String type = "";

        Reader(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
            String outer = type;
            type = outer.isEmpty() ? tree.getSimpleName().toString() : outer + "." + tree.getSimpleName();
            if (tree.getKind() == Tree.Kind.INTERFACE) {
                long count = tree.getMembers().stream()
                        .filter(MethodTree.class::isInstance)
                        .filter(member ->
                                !((MethodTree) member).getModifiers().getFlags().contains(Modifier.STATIC))
                        .count();
                interfaces.add(new Interface(type, Math.toIntExact(count)));
            }
            super.visitClass(tree, null);
            type = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
            BlockTree body = tree.getBody();
            if (body != null && positions.getEndPosition(unit, tree) >= 0) {
                long start = tree.getReturnType() == null
                        ? positions.getStartPosition(unit, body)
                        : positions.getStartPosition(unit, tree.getReturnType());
                long lines = line(positions.getEndPosition(unit, body)) - line(start) + 1;
                boolean refuses = tree.getModifiers().getFlags().contains(Modifier.DEFAULT) && throwsItself(body);
                boolean table =
                        body.getStatements().size() == 1 && body.getStatements().getFirst() instanceof ReturnTree;
                methods.add(new Method(type + "#" + tree.getName(), lines, refuses, table));
            }
            return super.visitMethod(tree, null);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }

        private static boolean throwsItself(BlockTree body) {
            boolean[] found = new boolean[1];
            new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitThrow(ThrowTree tree, @Nullable Void nothing) {
                    found[0] = true;
                    return null;
                }

                @Override
                public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
                    return null;
                }

                @Override
                public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void nothing) {
                    return null;
                }
            }.scan(body, null);
            return found[0];
        }
    }
}
