package io.varve.appliance.blackbox;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** An archive that is damaged or means harm is refused, and leaves nothing anywhere; on every driver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileArchiveContract {
    abstract Stage stage();

    private static final String VOLUMES = "/api/v1/stores/default/volumes";

    private byte[] honest = {};
    private SortedSet<String> before = new TreeSet<>();

    @BeforeAll
    void fill() throws IOException {
        String volume = stage().volume("v");
        Files.createDirectories(stage().root().resolve("v/directory"));
        Files.writeString(stage().root().resolve("v/directory/file"), "content ".repeat(10_000));
        honest = stage().api()
                .get(stage().snapshot(volume, "s") + "/archive")
                .expect(200)
                .bytes();
        // What a driver keeps from its first import on, such as a place to build in, is there before anything is
        // compared.
        stage().api().send("POST", volume + "/archives/first", honest).expect(201);
        stage().api().delete(volume + "/snapshots/first").expect(204);
        Files.writeString(stage().image().path().resolve("outside"), "untouched");
        stage().api().send("POST", VOLUMES + "/honest/archives/s", honest).expect(201);
        stage().api().delete(VOLUMES + "/honest").expect(204);
    }

    @BeforeEach
    void look() {
        Roots.awaitEmptyTrash(stage().root(), stage().driver());
        before = Roots.everything(stage().image().path());
    }

    private void nothingHasChanged() {
        Roots.awaitEmptyTrash(stage().root(), stage().driver());
        assertThat(Roots.everything(stage().image().path())).isEqualTo(before);
        assertThat(stage().image().path().resolve("outside")).hasContent("untouched");
        assertThat(stage().api().get(VOLUMES).items("name")).containsExactly("v");
        assertThat(stage().api().get(VOLUMES + "/v/snapshots").items("label")).containsExactly("s");
        assertThat(stage().appliance().log()).doesNotContain("unexpected failure");
    }

    /** An archive and what is wrong with it. */
    private static final class Sample {
        private final String fault;
        private final byte[] bytes;

        Sample(String fault, byte[] bytes) {
            this.fault = fault;
            this.bytes = bytes.clone();
        }

        byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public String toString() {
            return fault;
        }
    }

    private static Sample sample(String fault, byte[] bytes) {
        return new Sample(fault, bytes);
    }

    Stream<Sample> archives() {
        String outside = stage().image().path().resolve("outside").toString();
        return Stream.of(
                sample("nothing at all", new byte[1]),
                sample("no tar", "this is no archive ".repeat(100).getBytes(StandardCharsets.UTF_8)),
                sample("only zeros", new byte[10240]),
                sample("a foreign tar", new TarBytes().file("some/file", "x").end()),
                sample("no tree", new TarBytes().file("v_s-driver", "btrfs").end()),
                sample(
                        "a bad driver",
                        new TarBytes()
                                .file("v_s-driver", "../x")
                                .member("v_s-volume/", '5', "", "")
                                .end()),
                sample(
                        "climbing out",
                        TarBytes.archive()
                                .file("v_s-volume/../../../outside", "harm")
                                .end()),
                sample("absolute", TarBytes.archive().file(outside, "harm").end()),
                sample(
                        "in another's place",
                        TarBytes.archive().file("other-volume/x", "harm").end()),
                sample(
                        "through a symlink",
                        TarBytes.archive()
                                .symlink("v_s-volume/l", stage().image().path().toString())
                                .file("v_s-volume/l/outside", "harm")
                                .end()),
                sample(
                        "through a relative symlink",
                        TarBytes.archive()
                                .symlink("v_s-volume/l", "..")
                                .file("v_s-volume/l/x", "harm")
                                .end()),
                sample(
                        "a symlink replaced by a file",
                        TarBytes.archive()
                                .symlink("v_s-volume/l", outside)
                                .file("v_s-volume/l", "harm")
                                .end()),
                sample(
                        "a hard link to outside",
                        TarBytes.archive().hardLink("v_s-volume/l", outside).end()),
                sample(
                        "a hard link climbing out",
                        TarBytes.archive()
                                .hardLink("v_s-volume/l", "v_s-volume/../../outside")
                                .end()),
                sample(
                        "a hard link through a symlink",
                        TarBytes.archive()
                                .symlink("v_s-volume/d", stage().image().path().toString())
                                .hardLink("v_s-volume/l", "v_s-volume/d/outside")
                                .end()),
                sample(
                        "metadata climbing out",
                        TarBytes.archive()
                                .file("v_s-metadata/../../outside", "harm")
                                .end()),
                sample(
                        "a name twice",
                        TarBytes.archive()
                                .file("v_s-volume/x", "1")
                                .file("v_s-volume/x", "2")
                                .end()),
                sample(
                        "no parent",
                        TarBytes.archive().file("v_s-volume/none/x", "1").end()),
                sample(
                        "a negative size",
                        TarBytes.archive()
                                .header("v_s-volume/x", '0', "", "-0000000001")
                                .end()),
                sample(
                        "a size that does not follow",
                        TarBytes.archive()
                                .header("v_s-volume/x", '0', "", "77777777777")
                                .end()),
                sample(
                        "an unknown type",
                        TarBytes.archive().member("v_s-volume/x", 'Q', "", "").end()),
                sample(
                        "an attribute record without end",
                        TarBytes.archive()
                                .member("pax", 'x', "", "999999999 path=v_s-volume/x\n")
                                .file("v_s-volume/x", "1")
                                .end()),
                sample(
                        "a pax path climbing out",
                        TarBytes.archive()
                                .member("pax", 'x', "", "33 path=v_s-volume/../../outside\n")
                                .file("v_s-volume/x", "harm")
                                .end()),
                sample(
                        "a broken checksum",
                        TarBytes.archive()
                                .raw("v_s-volume/x".getBytes(StandardCharsets.UTF_8))
                                .raw(new byte[500])
                                .end()));
    }

    @ParameterizedTest
    @MethodSource("archives")
    void aHostileArchiveIsRefusedIntoANewVolumeAndIntoOneThatIsThere(Sample archive) {
        stage().api()
                .send("POST", VOLUMES + "/fresh/archives/x", archive.bytes())
                .refused(422, "ARCHIVE_INVALID");
        nothingHasChanged();
        stage().api().send("POST", VOLUMES + "/v/archives/x", archive.bytes()).refused(422, "ARCHIVE_INVALID");
        nothingHasChanged();
        Reply found = stage().api()
                .send("POST", "/api/v1/archives/verify", archive.bytes())
                .expect(200);
        assertThat(found.json().path("findings")).isNotEmpty();
    }

    @Test
    void anArchiveCutOffAnywhereIsRefused() {
        for (int twentieth = 1; twentieth < 20; twentieth++) {
            byte[] cut = Arrays.copyOf(honest, honest.length * twentieth / 20);
            stage().api().send("POST", VOLUMES + "/fresh/archives/x", cut).refused(422, "ARCHIVE_INVALID");
        }
        nothingHasChanged();
    }

    /** The sender goes when its archive is being unpacked: before that there would be nothing to clean up. */
    @Test
    void aSenderThatGoesAwayInTheMiddleLeavesNothing() throws IOException {
        String head = "POST " + VOLUMES + "/fresh/archives/x HTTP/1.1\r\nHost: varve\r\nContent-Length: "
                + honest.length + "\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(
                UnixDomainSocketAddress.of(stage().appliance().socket()))) {
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            channel.write(ByteBuffer.wrap(honest, 0, honest.length / 2));
            await(() -> isImporting());
        }
        await(() -> stage().api().get(VOLUMES).items("name").equals(List.of("v")));
        nothingHasChanged();
    }

    private boolean isImporting() {
        Reply running = stage().api().get("/api/v1/operations?limit=1").expect(200);
        return running.items("type").equals(List.of("snapshot.import"))
                && running.items("state").equals(List.of("RUNNING"));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for long enough").isLessThan(deadline);
            Appliance.pause();
        }
    }
}
