package io.varve.appliance.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.browse.Accuracy;
import io.varve.browse.TreeDiff;
import io.varve.browse.TreePath;
import io.varve.linux.Directory;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DiffRequestTest {
    private static final RawName NOT_UTF8 = RawName.of(new byte[] {'z', (byte) 0xff});

    @TempDir
    Path temp;

    private Path before = Path.of("");
    private Path after = Path.of("");

    @BeforeEach
    void makeTrees() throws IOException {
        before = Files.createDirectory(temp.resolve("before"));
        after = Files.createDirectory(temp.resolve("after"));
        Files.writeString(before.resolve("a"), "1");
        Files.writeString(after.resolve("a"), "333");
        Files.createDirectory(after.resolve("b"));
        Files.writeString(before.resolve("c"), "22");
        try (Directory directory = Directory.open(after)) {
            directory.makeSymlink(NOT_UTF8, RawName.of("a"));
        }
    }

    private JsonNode page(TreePath place, int limit) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TreeDiff diff = TreeDiff.between(before, after, Accuracy.EXACT, Work.unwatched())) {
            new DiffRequest(place, limit).write(diff, out);
        }
        return new ObjectMapper().readTree(out.toByteArray());
    }

    @Test
    void everyDifferenceIsAnItemWithWhatWasAndWhatIs() throws IOException {
        assertThat(page(TreePath.ROOT, 100)).isEqualTo(new ObjectMapper().readTree("""
                {"items": [
                  {"path": "a", "change": "MODIFIED", "oldKind": "REGULAR", "newKind": "REGULAR", "oldSize": 1, "newSize": 3},
                  {"path": "b", "change": "ADDED", "newKind": "DIRECTORY"},
                  {"path": "c", "change": "REMOVED", "oldKind": "REGULAR", "oldSize": 2},
                  {"path": "z\ufffd", "rawPath": "z%FF", "change": "ADDED", "newKind": "SYMLINK"}],
                 "next": null}"""));
    }

    @Test
    void pagesTogetherAreTheWholeList() throws IOException {
        List<String> paths = new ArrayList<>();
        JsonNode page = page(TreePath.ROOT, 1);
        while (!page.get("next").isNull()) {
            page.get("items").forEach(item -> paths.add(item.get("path").textValue()));
            page = page(DiffRequest.place(page.get("next").textValue()), 1);
        }
        page.get("items").forEach(item -> paths.add(item.get("path").textValue()));

        assertThat(paths).containsExactly("a", "b", "c", "z\ufffd");
    }

    @Test
    void aTokenOfSomethingElseIsRefused() {
        for (String token : List.of("!", "Li4", "AA")) {
            assertThatThrownBy(() -> DiffRequest.place(token)).as(token).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void aSmallListThatFailsSendsNothing() {
        Work cancelled = new Work() {
            @Override
            public void progress(long done, long total, String unit) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatThrownBy(() -> whole(out, cancelled)).isInstanceOf(StorageException.class);
        assertThat(out.size()).isZero();
    }

    private void whole(OutputStream out, Work work) {
        try (TreeDiff diff = TreeDiff.between(before, after, Accuracy.EXACT, work)) {
            new DiffRequest(TreePath.ROOT, Integer.MAX_VALUE).write(diff, out);
        }
    }

    @Test
    void aClientThatGoesAwayEndsTheWork() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        };

        assertThatThrownBy(() -> whole(closed, Work.unwatched()))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CANCELLED));
    }
}
