package io.varve.conformance;

import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.registry.Roots;
import io.varve.registry.StoreOpener;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.ChangeDetection;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverStatus;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.ExclusiveSize;
import io.varve.spi.NativeStream;
import io.varve.spi.SnapshotBuilder;
import io.varve.spi.StoreLayout;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Finding out whether a root can be a store, and opening it. */
abstract class OpeningPromises extends PromiseGroup {
    private static final DriverType OTHER = DriverType.of("other-kind");

    /** The fixture's driver beside one of another type. */
    private static StoreOpener opener(DriverFixture fixture) {
        DriverRegistry registry = new DriverRegistry();
        registry.register(fixture.provider(), DriverEntry.Source.BUILT_IN);
        registry.register(new SimulatedDriverProvider(OTHER), DriverEntry.Source.BUILT_IN);
        return new StoreOpener(registry);
    }

    @Test
    void openingAgainFindsWhatWasThere(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.snapshot(volume, "one", "tag");

        rig.reopen();
        rig.reopen();

        assertThat(rig.read(rig.find("app"), "file")).isEqualTo("kept");
        assertThat(Rig.validLabels(rig.find("app"))).containsExactly("one");
    }

    @Test
    void anOpenStoreIsOfTheTypeAndAtTheRootThatWereAsked(Rig rig) {
        assertThat(rig.store().type()).isEqualTo(rig.root().fixture().provider().type());
        assertThat(rig.store().layout().root()).isDirectory();
        assertThat(rig.store().health().good()).isTrue();
        assertThat(rig.store().volumes()).isEmpty();
    }

    @Test
    void aRootTellsWhichDriverItBelongsTo(Rig rig) {
        Path root = rig.layout().root();

        assertThat(Roots.detect(root)).contains(rig.store().type());
        assertThat(opener(rig.root().fixture()).choose(root, Optional.empty()))
                .isEqualTo(rig.store().type());
    }

    @Test
    void aRootOfOneDriverIsRefusedToEveryOther(Rig rig) {
        StoreOpener opener = opener(rig.root().fixture());

        assertRefused(
                ErrorCode.STORE_OTHER_DRIVER,
                () -> opener.open(rig.layout().root(), OTHER, Map.of()),
                rig.store().type().value(),
                OTHER.value());
    }

    @Test
    void aRootOfAnotherDriverIsRefusedToThisOne(DriverFixture fixture) {
        StoreOpener opener = opener(fixture);
        Path root = Roots.canonical(fixture.newRoot());
        opener.open(root, OTHER, Map.of()).close();

        assertRefused(
                ErrorCode.STORE_OTHER_DRIVER,
                () -> opener.open(root, fixture.provider().type(), fixture.options()));

        opener.open(root, OTHER, Map.of()).close();
    }

    @Test
    void aStoreInsideAStoreIsRefused(Rig rig) {
        Path inside = rig.layout().root().resolve("deeper").resolve("down");
        StoreOpener opener = opener(rig.root().fixture());

        assertRefused(
                ErrorCode.PATH_IS_STORE,
                () -> opener.open(inside, rig.store().type(), rig.store().options()),
                rig.layout().root().toString());

        assertThat(inside.getParent()).doesNotExist();
    }

    @Test
    void aFileIsNoRoot(DriverFixture fixture) {
        Path file = Roots.canonical(fixture.newRoot()).resolve("file");
        Rig.write(file, "a file");

        assertRefused(
                ErrorCode.NOT_A_DIRECTORY,
                () -> opener(fixture).open(file, fixture.provider().type(), fixture.options()),
                file.toString());

        assertThat(Rig.read(file)).isEqualTo("a file");
    }

    @Test
    void lookingWhetherADriverCanWorkChangesNothing(DriverFixture fixture) {
        Path root = fixture.newRoot();

        assertThat(fixture.provider().probe(root)).isEqualTo(new Availability.Available());
        fixture.provider().probe(root.resolve("not").resolve("yet"));

        assertThat(Invariants.list(root)).isSubsetOf("lost+found");
    }

    @Test
    void aRootThatIsNotThereYetIsMade(DriverFixture fixture) {
        Path root = Roots.canonical(fixture.newRoot()).resolve("to be made");
        if (fixture.provider().probe(root) instanceof Availability.Available) {
            try (Rig rig = new Rig(fixture, root)) {
                rig.volume("app");
                rig.checkInvariants();
            }
            assertThat(root).isDirectory();
        } else {
            assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, () -> opener(fixture)
                    .open(root, fixture.provider().type(), fixture.options()));
        }
    }

    @Test
    void everyOptionIsExplainedAndAllThatIsWrongIsSaidAtOnce(DriverFixture fixture) {
        DriverProvider provider = fixture.provider();
        Path root = Roots.canonical(fixture.newRoot());

        assertThat(provider.options()).allSatisfy(option -> {
            assertThat(option.name()).matches("[a-z0-9_.-]+");
            assertThat(option.meaning()).isNotBlank();
        });
        assertThat(provider.options().stream().map(DriverOption::name)).doesNotHaveDuplicates();
        assertThat(provider.problems(fixture.options())).isEmpty();
        assertRefused(
                ErrorCode.OPTION_INVALID,
                () -> opener(fixture).open(root, provider.type(), Map.of("no.such", "1", "nor.this", "2")),
                "no.such",
                "nor.this");
        assertThat(Invariants.list(root)).isSubsetOf("lost+found");
    }

    @Test
    void aDriverHasTheAbilitiesItSaysItHas(DriverRig rig) {
        Driver driver = rig.driver();

        assertThat(driver.capabilities())
                .isSubsetOf(rig.root().fixture().provider().capabilities());
        assertThat(driver.capabilities()).isEqualTo(rig.driver().capabilities());
        assertThat(!rig.can(Capability.IMPORT) || driver instanceof SnapshotBuilder)
                .isTrue();
        assertThat(!rig.can(Capability.NATIVE_STREAM) || driver instanceof NativeStream)
                .isTrue();
        assertThat(!rig.can(Capability.EXCLUSIVE_SIZE) || driver instanceof ExclusiveSize)
                .isTrue();
        assertThat(!rig.can(Capability.CHANGE_DETECTION) || driver instanceof ChangeDetection)
                .isTrue();
    }

    @Test
    void theStatusTellsTheSpaceThatIsThere(Rig rig) throws IOException {
        DriverStatus status = rig.store().status();

        assertThat(status.errors()).isEmpty();
        assertThat(status.space().total()).isPositive();
        assertThat(status.space().used()).isBetween(0L, status.space().total());
        assertThat(status.space().available()).isBetween(0L, status.space().total());
        assertThat(status.usage()).allSatisfy(usage -> assertThat(usage.label()).isNotBlank());
        assertThat(Files.getFileStore(rig.layout().root()).getTotalSpace()).isPositive();
    }

    @Test
    void closingTwiceIsHarmlessAndLetsOthersIn(DriverFixture fixture) {
        Path root = fixture.newRoot();
        OpenRoot first = new OpenRoot(fixture, root);
        Driver driver = first.driver();
        first.close();

        driver.close();

        new OpenRoot(fixture, root).close();
    }

    @Test
    void whatIsOnDiskLiesWhereTheLayoutSays(Rig rig) {
        StoreLayout layout = rig.layout();
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "x");
        rig.snapshot(volume, "one");

        assertThat(volume.path()).isEqualTo(layout.root().resolve("app"));
        assertThat(volume.path(Rig.label("one")))
                .isEqualTo(layout.root().resolve("." + layout.type()).resolve("snapshots/app/one"));
        assertThat(layout.flagFile()).isRegularFile();
    }
}
