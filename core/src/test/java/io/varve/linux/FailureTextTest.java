package io.varve.linux;

import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class FailureTextTest {
    @Test
    void peopleReadWhatHappenedAndNoNamesOfClassesOrOfOurFiles() {
        String file = "/var/lib/varve/policies/apps.json";
        List<IOException> failures = List.of(
                new NoSuchFileException(file),
                new AccessDeniedException(file),
                new NotDirectoryException(file),
                new DirectoryNotEmptyException(file),
                new FileAlreadyExistsException(file),
                new FileSystemException(file, null, "No space left on device"),
                new FileSystemException(file),
                new EOFException(),
                new IOException());

        assertThat(failures)
                .extracting(failure -> KernelException.storage("cannot record policy 'apps'", failure))
                .extracting(StorageException::getMessage)
                .allSatisfy(text -> assertThat(text)
                        .startsWith("cannot record policy 'apps': ")
                        .doesNotContain("Exception", "/var/lib", "null"))
                .contains("cannot record policy 'apps': No space left on device");
    }
}
