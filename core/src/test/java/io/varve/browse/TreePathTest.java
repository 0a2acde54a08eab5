package io.varve.browse;

import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TreePathTest {
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "/", "./", "//", "/./"})
    void theRootHasManySpellings(String text) {
        assertThat(TreePath.of(text)).isEqualTo(TreePath.ROOT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a//b", "./a/b/", "a/./b/."})
    void stepsThatGoNowhereAreDropped(String text) {
        assertThat(TreePath.of(text).raw()).isEqualTo(RawName.of("a/b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/..", "../a", "a/../b", "/..", "/etc/passwd", "a\0b"})
    void whatCouldLeadOutIsRefused(String text) {
        assertThatThrownBy(() -> TreePath.of(text))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.REQUEST_INVALID))
                .hasMessageContaining("path '");
    }

    @Test
    void dotsInsideNamesAreNames() {
        assertThat(TreePath.of("..a/...").steps()).containsExactly(RawName.of("..a"), RawName.of("..."));
    }

    @Test
    void bytesThatAreNotUtf8StayAsTheyAre() {
        RawName raw = OpenFiles.bytes('d', 0xff, '/', 0xc3, '\n');

        TreePath path = TreePath.of(raw.bytes());

        assertThat(path.raw()).isEqualTo(raw);
        assertThat(path.parent().name()).isEqualTo(OpenFiles.bytes('d', 0xff));
        assertThat(path.name()).isEqualTo(OpenFiles.bytes(0xc3, '\n'));
    }
}
