package io.varve.driver.nfs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class NfsOptionsTest {
    private static final Map<String, String> NAMED = Map.of("nfs.server", "nas", "nfs.path", "/export/varve");

    private static NfsOptions with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(NAMED);
        all.putAll(more);
        assertThat(NfsOptions.problems(all)).isEmpty();
        return NfsOptions.of(all).orElseThrow();
    }

    @Test
    void withoutAServerTheRootIsMountedAlready() {
        assertThat(NfsOptions.problems(Map.of())).isEmpty();
        assertThat(NfsOptions.of(Map.of())).isEmpty();
    }

    @Test
    void aDeadServerIsGivenUpOnUnlessTheUserSaysForHowLong() {
        assertThat(with(Map.of()).mountOptions()).isEqualTo("softerr,retry=0,timeo=50,retrans=2");
        assertThat(with(Map.of("nfs.version", "3", "nfs.options", "timeo=600, nconnect=4"))
                        .mountOptions())
                .isEqualTo("softerr,retry=0,retrans=2,vers=3,timeo=600,nconnect=4");
    }

    @Test
    void theSourceIsWhatMountTakes() {
        assertThat(with(Map.of()).source()).isEqualTo("nas:/export/varve");
        assertThat(with(Map.of("nfs.server", "fd00::1")).source()).isEqualTo("[fd00::1]:/export/varve");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nfs.path    | /export   | nfs.path is given without nfs.server.
                    nfs.server  | -o        | nfs.server is '-o', but must be the name or address of a host.
                    nfs.server  | nas:/x    | nfs.server is 'nas:/x', but must be the name or address of a host.
                    """)
    void oneBadOptionIsNamed(String name, String value, String problem) {
        assertThat(NfsOptions.problems(Map.of(name, value))).contains(problem);
    }

    @Test
    void everyProblemIsSaidAtOnce() {
        List<String> problems = NfsOptions.problems(Map.of(
                "nfs.server", "a b", "nfs.path", "export", "nfs.version", "5", "nfs.options", "hard,ro,x=1=2,vers=3"));

        assertThat(problems)
                .containsExactly(
                        "nfs.server is 'a b', but must be the name or address of a host.",
                        "nfs.path is 'export', but must be the absolute path by which that host shares the files.",
                        "nfs.version is '5', but must be one of 4.2, 4.1, 4.0, 3.",
                        "nfs.options has 'hard', which cannot be chosen: it waits for ever for a dead server.",
                        "nfs.options has 'ro', which cannot be chosen: a store must be written to.",
                        "nfs.options has 'x=1=2', which is no mount option of the form NAME or NAME=VALUE.",
                        "nfs.options has 'vers=3', which cannot be chosen: say it by nfs.version.");
    }

    @Test
    void aServerWithoutAPathIsIncomplete() {
        assertThat(NfsOptions.problems(Map.of("nfs.server", "nas")))
                .containsExactly("nfs.path is '', but must be the absolute path by which that host shares the files.");
    }
}
