package io.varve.directories;

import io.varve.linux.Commands;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CopyReportTest {
    private static final Path HEAD = Path.of("/srv/store/shop");
    private static final String TRAILER =
            "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1394)";

    private static CopyReport report(int status, String... errors) {
        CopyReport report = new CopyReport(HEAD);
        List.of(errors).forEach(report::error);
        String said = String.join("\n", errors);
        return report.end(new Commands.Result(List.of("/usr/bin/rsync"), status, "", said));
    }

    @Test
    void vanishedFilesAreNamedRelativeToTheHead() {
        CopyReport report = report(
                24,
                "file has vanished: \"/srv/store/shop/data/a b\"",
                "rsync warning: some files vanished before they could be transferred (code 24) at main.c(1394)");

        assertThat(report.isWhole()).isFalse();
        assertThatCode(report::requireUsable).doesNotThrowAnyException();
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .contains("1 file vanished")
                .endsWith(": data/a b");
    }

    @Test
    void alsoTheAttributesOfAFileVanishWithIt() {
        CopyReport report = report(
                23,
                "rsync: [sender] get_xattr_names: llistxattr(\"data/x\",1024) failed: No such file or directory (2)",
                "rsync: [sender] link_stat \"/srv/store/shop/y\" failed: No such file or directory (2)",
                "rsync: [sender] read errors mapping \"/srv/store/shop/z\": Stale file handle (116)",
                TRAILER);

        assertThat(report.warnings()).singleElement().asString().contains("3 files vanished", "data/x, y, z");
    }

    @Test
    void aVanishedVolumeIsAFailure() {
        assertThatThrownBy(() -> report(
                        23,
                        "rsync: [sender] change_dir \"/srv/store/shop\" failed: No such file or directory (2)",
                        TRAILER))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void aFileThatIsMissingWhereItIsWrittenIsAFailure() {
        assertThatThrownBy(() -> report(
                        23, "rsync: [receiver] mkstemp \"/x/.y.Ab12\" failed: No such file or directory (2)", TRAILER))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void aFileThatBecomesShorterIsReadAgain() {
        CopyReport report = report(
                23,
                "rsync: [sender] read errors mapping \"/srv/store/shop/log\": No data available (61)",
                "WARNING: log failed verification -- update discarded (will try again).",
                TRAILER);

        assertThat(report.isWhole()).isFalse();
        assertThatCode(report::requireUsable).doesNotThrowAnyException();
        assertThat(report.warnings()).singleElement().asString().contains("shorter");
    }

    @Test
    void aCopyThatAStaleFileCutsOffIsMadeAgainAndNeverKept() {
        CopyReport report = report(
                11,
                "rsync: [sender] link_stat \"/srv/store/shop/d8\" failed: No such file or directory (2)",
                "rsync: [sender] fstat failed: Stale file handle (116)",
                "rsync error: error in file IO (code 11) at sender.c(402) [sender=3.2.7]");

        assertThat(report.isWhole()).isFalse();
        assertThatThrownBy(report::requireUsable)
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.IO_FAILED))
                .hasMessageContaining("cut off");
    }

    @Test
    void aFileThatCouldNotBeCopiedAtAllIsNeverLeftOutSilently() {
        CopyReport report = report(
                23,
                "rsync: [sender] read errors mapping \"/srv/store/shop/log\": No data available (61)",
                "ERROR: log failed verification -- update discarded.",
                TRAILER);

        assertThat(report.isWhole()).isFalse();
        assertThatThrownBy(report::requireUsable)
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.IO_FAILED))
                .hasMessageContaining("log");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            11 | rsync: [receiver] write failed on "/t/x": No space left on device (28) | NO_SPACE
            11 | rsync: [receiver] write failed on "/t/x": Disk quota exceeded (122)    | NO_SPACE
            23 | rsync: [sender] send_files failed to open "/h/x": Permission denied (13) | PERMISSION_DENIED
            23 | rsync: [generator] mknod "/t/x" failed: Operation not permitted (1)    | PERMISSION_DENIED
            23 | rsync: [sender] read errors mapping "/h/x": Input/output error (5)     | IO_FAILED
            23 | rsync: [sender] send_files failed to open "/h/x": Connection timed out (110) | IO_FAILED
            23 | rsync: [receiver] mkstemp "/x/.y.Ab12" failed: Stale file handle (116) | COMMAND_FAILED
            12 | rsync: connection unexpectedly closed (39 bytes received so far)       | COMMAND_FAILED
            """)
    void failuresHaveTheirCodeAndSayWhatRsyncSaid(int status, String line, ErrorCode code) {
        assertThatThrownBy(() -> report(status, "file has vanished: \"/srv/store/shop/x\"", line, TRAILER))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(code))
                .hasMessageContaining(line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rsync: [sender] read errors mapping "/h/x": Input/output error (5)              | true
            rsync: [sender] send_files failed to open "/h/x": Connection timed out (110)    | true
            rsync: [sender] send_files failed to open "/h/x": Permission denied (13)        | false
            rsync: [receiver] write failed on "/t/x": No space left on device (28)          | false
            """)
    void aFilesystemThatFailsMakesTheRestOfTheCopyHopeless(String line, boolean hopeless) {
        CopyReport report = new CopyReport(HEAD);
        report.error(line);

        assertThat(report.isHopeless()).isEqualTo(hopeless);
    }

    @Test
    void whatCannotBeCopiedWithoutRootIsAWarningOnAWholeCopy() {
        CopyReport report = new CopyReport(HEAD);
        report.output("skipping non-regular file \"dev/null\"");
        report.end(new Commands.Result(List.of("/usr/bin/rsync"), 0, "", ""));

        assertThat(report.isWhole()).isTrue();
        assertThat(report.warnings()).singleElement().asString().contains("without root", "dev/null");
    }
}
