package io.varve.status;

import io.varve.spi.Usage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class UsageDataPropertyTest {
    @Property(tries = 300, seed = "7")
    void everyFigureComesBackAsItWas(@ForAll long whole, @ForAll double real) {
        List<Usage> usages = List.of(
                new Usage.Whole(Optional.of("m"), "l", "t", whole), new Usage.Real(Optional.empty(), "l", "t", real));

        assertThat(UsageData.read(UsageData.of(usages).write()).usages()).isEqualTo(usages);
    }
}
