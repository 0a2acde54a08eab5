package io.varve.catalog;

import io.varve.spi.StorageException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import java.nio.file.Path;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataNamePropertyTest {
    private static final Path PLACE = Path.of("/srv/.sand/catalog/shop/metadata/label");

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> plain = Arbitraries.of(
                "a", "Z", ".", "_", "/", "a/", "./", "%", "%2F", "%2e", " b", "ä", "😀", "~", "\\", ".tmp");
        Arbitrary<String> awkward = Arbitraries.of("..", "../", "//", "\0", "\n", "\ud800", "/..", "\u202e");
        Arbitrary<String> any = Arbitraries.chars().map(String::valueOf);
        return Arbitraries.frequencyOf(Tuple.of(30, plain), Tuple.of(2, awkward), Tuple.of(1, any))
                .list()
                .ofMinSize(1)
                .ofMaxSize(20)
                .map(pieces -> String.join("", pieces));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, seed = "5")
    void anAcceptedNameIsOneVisibleFileInItsPlaceAndComesBack(@ForAll("names") String text) {
        accepted(text).ifPresent(name -> {
            String file = name.fileName();
            assertThat(PLACE.resolve(file).normalize().getParent()).isEqualTo(PLACE);
            assertThat(file).doesNotStartWith(".").isPrintable().isASCII().hasSizeLessThan(255);
            assertThat(MetadataName.ofFileName(file)).contains(name);
            assertThat(MetadataName.of(name.value())).isEqualTo(name);
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE, seed = "6")
    void twoNamesAreNeverOneFile(@ForAll("names") String one, @ForAll("names") String other) {
        Optional<MetadataName> first = accepted(one);
        Optional<MetadataName> second = accepted(other);
        if (first.isPresent() && second.isPresent() && !first.equals(second)) {
            assertThat(first.get().fileName()).isNotEqualTo(second.get().fileName());
        }
    }

    private static Optional<MetadataName> accepted(String text) {
        try {
            return Optional.of(MetadataName.of(text));
        } catch (StorageException refused) {
            return Optional.empty();
        }
    }
}
