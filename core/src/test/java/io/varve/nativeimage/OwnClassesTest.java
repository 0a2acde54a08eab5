package io.varve.nativeimage;

import io.varve.catalog.SnapshotRecord;
import io.varve.linux.Kernel;
import org.graalvm.nativeimage.hosted.Feature;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class OwnClassesTest {
    /** What an image of this test's class path would be built from. */
    private static final class TestAccess implements Feature.FeatureAccess {
        @Override
        public @Nullable Class<?> findClassByName(String name) {
            try {
                return Class.forName(name, false, getApplicationClassLoader());
            } catch (ClassNotFoundException absent) {
                return null;
            }
        }

        @Override
        public List<Path> getApplicationClassPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, 0))
                    .map(Path::of)
                    .filter(Files::exists)
                    .toList();
        }

        @Override
        public List<Path> getApplicationModulePath() {
            return List.of();
        }

        @Override
        public ClassLoader getApplicationClassLoader() {
            return OwnClassesTest.class.getClassLoader();
        }
    }

    private final List<Class<?>> classes = new OwnClasses(new TestAccess()).all();

    @Test
    void whatIsOursIsFoundAndNothingElse() {
        assertThat(classes).contains(Kernel.class, SnapshotRecord.class);
        assertThat(classes).allMatch(each -> each.getName().startsWith("io.varve."));
    }

    @Test
    void theOnlyInterfaceToTheSystemLibraryIsKnownForOne() {
        assertThat(classes.stream().filter(SystemCalls::isBinding).map(Class::getSimpleName))
                .containsExactly("LibC");
    }
}
