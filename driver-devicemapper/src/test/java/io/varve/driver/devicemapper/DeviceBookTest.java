package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class DeviceBookTest {
    private static final VolumeName VOLUME = VolumeName.of("app");
    private static final SnapshotLabel ODD = SnapshotLabel.of("a,b, ü,head");

    @TempDir
    private Path place;

    static List<Role> roles() {
        return List.of(
                new Role.Head(),
                new Role.Snapshot(ODD),
                new Role.Taking(ODD),
                new Role.Next(17, ODD),
                new Role.Making(),
                new Role.Removing());
    }

    @ParameterizedTest
    @MethodSource("roles")
    void whatIsWrittenDownIsReadAgain(Role role) throws IOException {
        Entry entry = new Entry(12, 10L << 30, role);
        DeviceBook book = new DeviceBook(place.resolve("book"));
        book.read();
        book.add(VOLUME, entry);

        assertThat(new DeviceBook(place.resolve("book")).read()).containsEntry(VOLUME, List.of(entry));
    }

    @Test
    void aChangeReplaces() throws IOException {
        DeviceBook book = new DeviceBook(place.resolve("book"));
        book.read();
        Entry made = new Entry(12, 1 << 20, new Role.Making());
        book.add(VOLUME, made);

        book.change(VOLUME, made, made.with(new Role.Head()));
        assertThat(book.read()).containsEntry(VOLUME, List.of(made.with(new Role.Head())));

        book.forget(VOLUME, made.with(new Role.Head()));
        book.forgetIfEmpty(VOLUME);
        assertThat(book.read()).isEmpty();
    }

    @Test
    void filesOfOthersArePassedOver() throws IOException {
        DeviceBook book = new DeviceBook(place.resolve("book"));
        book.read();
        book.add(VOLUME, new Entry(12, 1 << 20, new Role.Head()));
        Files.createFile(place.resolve("book/app/notes.txt"));
        Files.createDirectory(place.resolve("book/.hidden"));

        assertThat(book.read()).containsOnlyKeys(VOLUME);
        assertThat(book.read().get(VOLUME)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "12", "12,5", "x,5,head", "12,5,tail", "12,5,snapshot", "12,5,next,1", "12,5,snapshot,"})
    void aNameThatSaysNothingIsNone(String name) {
        assertThat(DeviceBook.parse(name)).isEmpty();
    }
}
