package io.varve.driver.nfs;

import io.varve.linux.Commands;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class MountRefusalTest {
    private static final NfsOptions OPTIONS =
            NfsOptions.of(Map.of("nfs.server", "nas", "nfs.path", "/x")).orElseThrow();

    /** As mount.nfs of nfs-utils 2.6.2 says it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    mount.nfs: access denied by server while mounting nas:/x                              | PERMISSION_DENIED
                    mount.nfs: mounting nas:/x failed, reason given by server: No such file or directory  | BAD_MOUNT
                    mount.nfs: Protocol not supported                                                     | OPTION_INVALID
                    mount.nfs: requested NFS version or transport protocol is not supported               | OPTION_INVALID
                    mount.nfs: an incorrect mount option was specified                                    | OPTION_INVALID
                    mount.nfs: Failed to resolve server nas: Name or service not known                    | IO_FAILED
                    mount.nfs: Connection refused                                                         | IO_FAILED
                    mount.nfs: Connection timed out                                                       | IO_FAILED
                    mount.nfs: No route to host                                                           | IO_FAILED
                    mount.nfs: something new                                                              | BAD_MOUNT
                    """)
    void itHasTheCodeThatAPersonCanActOn(String said, ErrorCode code) {
        StorageException refusal =
                MountRefusal.of(OPTIONS, new Commands.Result(List.of("/sbin/mount.nfs"), 32, "", said + "\n"));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessageStartingWith("cannot mount 'nas:/x': " + said);
    }
}
