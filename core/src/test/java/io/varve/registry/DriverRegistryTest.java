package io.varve.registry;

import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

class DriverRegistryTest {
    private final DriverRegistry registry = new DriverRegistry();
    private final TestProvider first = new TestProvider("sand");

    @Test
    void aTypeIsRegisteredOnceAndTheFirstStays() {
        register(first);

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> register(new TestProvider("sand")))
                .withMessageContaining("'sand' is registered already")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.DRIVER_EXISTS))
                .satisfies(refusal -> assertThat(refusal.details()).containsOnly(entry("driver", "sand")));
        assertThat(registry.require(first.type())).isSameAs(first);
    }

    @Test
    void anUnknownTypeIsRefusedAndTheKnownOnesAreNamed() {
        register(first);
        register(new TestProvider("clay"));

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> registry.parse("mud"))
                .withMessage("there is no driver 'mud'; known are [clay, sand]")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.DRIVER_UNKNOWN));
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> registry.require(DriverType.of("mud")))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.DRIVER_UNKNOWN));
        assertThat(registry.registered(DriverType.of("mud"))).isFalse();
    }

    @Test
    void textThatIsNoTypeNameAtAllIsAnUnknownDriverToo() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> registry.parse("../etc"))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.DRIVER_UNKNOWN));
    }

    @Test
    void anUnregisteredTypeIsForgottenAndForgettingTwiceIsFine() {
        register(first);

        registry.unregister(first.type());
        registry.unregister(first.type());

        assertThat(registry.registered(first.type())).isFalse();
        assertThat(registry.find(first.type())).isEmpty();
        register(first);
    }

    @Test
    void everythingFoundIsListedDriversFirstByType() {
        DriverEntry.Broken broken = new DriverEntry.Broken("a.jar", DriverEntry.Source.JAR, "no driver");
        registry.reject(broken);
        register(first);
        register(new TestProvider("clay"));

        assertThat(registry.entries()).hasSize(3).last().isEqualTo(broken);
        assertThat(registry.entries().getFirst())
                .isInstanceOfSatisfying(DriverEntry.Found.class, found -> assertThat(found.type())
                        .hasToString("clay"));
    }

    private void register(TestProvider provider) {
        registry.register(provider, DriverEntry.Source.BUILT_IN);
    }
}
