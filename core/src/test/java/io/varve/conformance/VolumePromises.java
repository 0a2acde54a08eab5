package io.varve.conformance;

import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.spi.Capability;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Volume;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Making, finding and listing volumes. */
abstract class VolumePromises extends PromiseGroup {
    private static final POSIX SYSTEM = POSIXFactory.getNativePOSIX();

    @Test
    void aNewVolumeIsThereEmptyAndOurs(Rig rig) throws IOException {
        Volume volume = rig.volume("empty");

        assertThat(rig.store().find(VolumeName.of("empty"))).contains(volume);
        assertThat(rig.store().volumes()).containsExactly(volume);
        assertThat(volume.record().created()).isEqualTo(Rig.START);
        assertThat(volume.snapshots()).isEmpty();
        assertThat(Invariants.list(volume.path())).isSubsetOf("lost+found");
        assertOurs(volume.path());
    }

    private static void assertOurs(Path head) throws IOException {
        FileStat stat = Kernel.stat(head);
        assertThat(stat.isDirectory()).isTrue();
        assertThat(Integer.toOctalString(stat.permissions())).isEqualTo("755");
        assertThat(stat.owner()).isEqualTo(Kernel.effectiveUser());
        assertThat(stat.group()).isEqualTo(Kernel.effectiveGroup());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 077})
    void itsModeDoesNotDependOnTheUmask(int umask, Rig rig) throws IOException {
        int before = SYSTEM.umask(umask);
        try {
            assertOurs(rig.volume("app").path());
        } finally {
            SYSTEM.umask(before);
        }
    }

    @Test
    void filesAndTheirModesAreStillThereAfterReleaseAndReopening(Rig rig) throws IOException {
        Volume volume = rig.volume("base");
        rig.mine(OddTree.TOP);
        OddTree.make(volume.path());
        Kernel.setPermissions(volume.path(), 01771);
        Contents then = Contents.of(volume.path());

        volume.release();
        assertThat(Contents.of(volume.path())).isEqualTo(then);

        rig.reopen();
        assertThat(Contents.of(rig.find("base").path())).isEqualTo(then);
    }

    @Test
    void volumesAreListedByNameAndKnowTheirTenant(Rig rig) {
        List.of("shop_files", "blog", "shop_db", "shop").forEach(rig::volume);

        assertThat(rig.store().volumes().stream().map(volume -> volume.name().value()))
                .containsExactly("blog", "shop", "shop_db", "shop_files");
        assertThat(rig.store().volumes().stream().map(Volume::tenant)).containsExactly("blog", "shop", "shop", "shop");
    }

    @Test
    void volumesDoNotKnowOfEachOther(Rig rig) {
        Volume one = rig.volume("one");
        Volume two = rig.volume("two");
        rig.write(one, "file", "of one");
        rig.snapshot(one, "same label");
        rig.snapshot(two, "same label");

        assertThat(two.path().resolve("file")).doesNotExist();
        rig.rollback(two, "same label");
        rig.store().removeVolume(two.name());

        assertThat(rig.read(one, "file")).isEqualTo("of one");
        assertThat(Rig.validLabels(one)).containsExactly("same label");
    }

    static List<String> legalNames() {
        return List.of(
                "with a blank",
                "-dash",
                "_underscore_",
                "a.b,c;d:e=f",
                "quote'\"`$(x)",
                "percent%41",
                "back\\slash",
                "star*?[a]{b}~",
                "ümläut",
                "日本",
                "n".repeat(128),
                "@",
                "a-b+c#d!e&f|g<h>i",
                "lost+found2");
    }

    @ParameterizedTest
    @MethodSource("legalNames")
    void everyLegalNameWorksForVolumesAndSnapshots(String name, Rig rig) {
        Volume volume = rig.volume(name);
        rig.write(volume, "file", "then");
        rig.snapshot(volume, name);
        rig.write(volume, "file", "now");

        assertThat(rig.read(volume, name, "file")).isEqualTo("then");
        rig.rollback(volume, name);
        assertThat(rig.read(volume, "file")).isEqualTo("then");

        rig.reopen();
        volume = rig.find(name);
        assertThat(Rig.validLabels(volume)).contains(name).hasSize(2);
        volume.removeSnapshot(Rig.label(name));
        rig.store().removeVolume(volume.name());
        assertThat(rig.store().volumes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", ".", "..", "../x", "a/b", "/", ".hidden", "a..b", "new\nline", "nul\0", " a", "a "})
    void anIllegalNameIsRefusedWithTheRuleItBreaks(String name, Rig rig) {
        StorageException refusal = assertRefused(ErrorCode.NAME_INVALID, () -> rig.volume(name));

        assertThat(refusal).hasMessageContaining("volume name").hasMessageContaining(": it ");
    }

    @Test
    void aNameIsAtMost128BytesLong(Rig rig) {
        assertRefused(ErrorCode.NAME_INVALID, () -> rig.volume("ü".repeat(64) + "x"), "129");
    }

    @Test
    void aVolumeIsNeverMadeTwice(Rig rig) {
        rig.write(rig.volume("app"), "file", "kept");

        assertThat(assertRefused(ErrorCode.VOLUME_EXISTS, () -> rig.volume("app"))
                        .details())
                .containsEntry("volume", "app")
                .containsEntry("store", "tried");

        assertThat(rig.read(rig.find("app"), "file")).isEqualTo("kept");
    }

    @Test
    void aFileAtItsPlaceIsNotTouched(Rig rig) {
        Path place = rig.layout().root().resolve("app");
        rig.foreign("app");
        Rig.write(place, "somebody's");

        assertRefused(ErrorCode.PATH_IS_STORE, () -> rig.volume("app"), place.toString());

        assertThat(Rig.read(place)).isEqualTo("somebody's");
        assertThat(rig.store().volumes()).isEmpty();
    }

    @Test
    void aDirectoryAtItsPlaceIsNotTakenOver(Rig rig) {
        Path file = rig.layout().root().resolve("app/file");
        rig.foreign("app");
        Rig.write(file, "somebody's");

        assertThat(assertRefusedAsTaken(rig).code()).isIn(ErrorCode.PATH_IS_STORE, ErrorCode.VOLUME_EXISTS);
        rig.reopen();

        assertThat(Rig.read(file)).isEqualTo("somebody's");
        assertThat(rig.store().volumes()).isEmpty();
    }

    private static StorageException assertRefusedAsTaken(Rig rig) {
        try {
            rig.volume("app");
        } catch (StorageException refusal) {
            return refusal;
        }
        throw new AssertionError("a volume was made where a directory is");
    }

    @Test
    void aSizeIsKeptOrRefused(Rig rig) {
        VolumeSpec spec = new VolumeSpec(OptionalLong.of(rig.root().fixture().smallestVolume()));
        VolumeName name = VolumeName.of("sized");
        if (rig.can(Capability.RESIZE)) {
            rig.store().createVolume(name, spec);
            rig.reopen();
            assertThat(rig.store().volume(name).record().size()).isEqualTo(spec.size());
        } else {
            assertRefused(ErrorCode.NOT_SUPPORTED, () -> rig.store().createVolume(name, spec));
            assertRefused(ErrorCode.NOT_SUPPORTED, () -> rig.driver().createVolume(name, spec));
            assertThat(rig.store().volumes()).isEmpty();
        }
    }

    @Test
    void anUnknownVolumeIsNotFound(Rig rig) {
        rig.volume("app");

        assertThat(rig.store().find(VolumeName.of("ap"))).isEmpty();
        assertThat(assertRefused(ErrorCode.VOLUME_NOT_FOUND, () -> rig.find("ap"))
                        .details())
                .containsEntry("volume", "ap");
    }
}
