package io.varve.spi;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;

class NamesPropertyTest {
    private static final Path ROOT = Path.of("/srv/volumes");
    private static final int LINUX_FILE_NAME = 255;
    private static final VolumeName TENANT = VolumeName.of("tenant");

    /** Text of the characters that matter for names among any others; about half of it is legal. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> plain = Arbitraries.of("a", "Z", "9", "_", "-", "~", ".", "ä", "\\", "%2F", "😀", "tenant_");
        Arbitrary<String> awkward = Arbitraries.of(
                "/", "..", " ", "\t", "\n", "\0", "\u00a0", "\u2028", "\u202e", "\ufffd", "\ud800", "\udc00");
        Arbitrary<String> any = Arbitraries.chars().map(String::valueOf);
        Arbitrary<String> piece = Arbitraries.frequencyOf(Tuple.of(40, plain), Tuple.of(1, awkward), Tuple.of(1, any));
        return piece.list().ofMaxSize(45).map(pieces -> String.join("", pieces));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE, seed = "1")
    void anAcceptedVolumeNameIsOneVisibleFileNameBelowTheRoot(@ForAll("texts") String text) {
        accepted(VolumeName::of, text).ifPresent(name -> {
            assertSafe(name.value());
            assertThat(name.value()).doesNotStartWith(".").isEqualTo(text).startsWith(name.tenant());
            assertThat(name.tenant()).isNotEmpty();
        });
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE, seed = "2")
    void anAcceptedLabelIsOneVisibleFileNameAlsoInItsFullSpelling(@ForAll("texts") String text) {
        accepted(SnapshotLabel::of, text).ifPresent(label -> {
            assertSafe(label.value());
            assertThat(label.value()).doesNotStartWith(".");
            assertThat(label.fullName(TENANT).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(LINUX_FILE_NAME);
        });
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE, seed = "3")
    void shortAndFullSpellingsMeanTheSameLabel(@ForAll("texts") String text) {
        accepted(each -> SnapshotLabel.parse(TENANT, each), text)
                .filter(label -> !label.value().startsWith("tenant_"))
                .ifPresent(label -> {
                    assertThat(SnapshotLabel.parse(TENANT, label.value())).isEqualTo(label);
                    assertThat(SnapshotLabel.parse(TENANT, label.fullName(TENANT)))
                            .isEqualTo(label);
                });
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE, seed = "4")
    void aRefusalNamesTheKindAndShowsNoControlCharacters(@ForAll("texts") String text) {
        try {
            Names.check("volume name", text);
        } catch (StorageException refusal) {
            assertThat(refusal.code()).isEqualTo(ErrorCode.NAME_INVALID);
            assertThat(refusal.getMessage()).startsWith("invalid volume name '").doesNotContainPattern("\\p{C}");
        }
    }

    private static void assertSafe(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        assertThat(bytes).hasSizeBetween(1, Names.MAX_BYTES);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(name);
        assertThat(name).doesNotContain("/", "..", "\n", "\0").isNotEqualTo(".").isEqualTo(name.strip());
        assertThat(ROOT.resolve(name).normalize().getParent()).isEqualTo(ROOT);
    }

    private static <T> Optional<T> accepted(Function<String, T> type, String text) {
        try {
            return Optional.of(type.apply(text));
        } catch (StorageException refused) {
            return Optional.empty();
        }
    }
}
