package io.varve.share;

import io.varve.volume.StoreName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NfsServerTest {
    private static final StoreName STORE = StoreName.of("data");

    @TempDir
    Path directory;

    private static NfsServer.Line line(String path, String client) {
        return new NfsServer.Line(Path.of(path), new Client(client), "rw,sync");
    }

    @Test
    void nothingInAPathIsTakenForMoreThanAPath() {
        assertThat(line("/srv/two words/a#b(c)\"\\é", "web1").text())
                .isEqualTo("/srv/two\\040words/a\\043b\\050c\\051\\042\\134\\303\\251 web1(rw,sync)");
    }

    @Test
    void anAddressOfVersionSixIsKeptApartFromThePath() {
        assertThat(line("/srv/x", "fd00::1").target()).isEqualTo("[fd00::1]:/srv/x");
        assertThat(line("/srv/x", "10.1.0.0/16").target()).isEqualTo("10.1.0.0/16:/srv/x");
    }

    @Test
    void oneFileAStoreTellsTheNextStartAndNothingIsNoFile() {
        NfsServer server = new NfsServer(directory.resolve("exports.d"), List.of());
        Path file = directory.resolve("exports.d/varve-data.exports");

        server.write(STORE, List.of(line("/srv/b", "web1"), line("/srv/a", "*")));
        assertThat(file)
                .content()
                .contains("varve share")
                .endsWith("\n/srv/a *(rw,sync)\n/srv/b web1(rw,sync)\n".substring(1));

        server.write(STORE, List.of());
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"web1", "web1.example.org", "*.example.org", "*", "10.1.2.3", "10.1.0.0/16", "fd00::/8", "::1"})
    void hostsAndNetworksAreClients(String text) {
        assertThat(new Client(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", "-o", "host(rw)", "a,b", "@group", "10.0.0.0/129", "web/8", "a\nb", "#x", "x\\"})
    void nothingElseIs(String text) {
        assertThatThrownBy(() -> new Client(text)).hasMessageContaining("neither the name or address of a host");
    }
}
