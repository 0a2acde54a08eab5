package io.varve.appliance.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.varve.browse.Change;
import io.varve.browse.TreeDiff;
import io.varve.browse.TreePath;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Optional;

/**
 * Which part of a list of differences to write as JSON.
 *
 * @param after the path behind which the list goes on
 * @param limit how many differences at most
 */
record DiffRequest(TreePath after, int limit) {
    /** What fits is sent whole or not at all: a failure then is a problem document and no answer that breaks off. */
    private static final int BUFFER = 256 * 1024;

    /** A list that breaks off must not end as if it were whole. */
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    /** The place in the list that a token of an earlier answer stands for. */
    static TreePath place(String token) {
        try {
            return TreePath.of(Base64.getUrlDecoder().decode(token));
        } catch (IllegalArgumentException malformed) {
            throw Body.invalid("'page' is not a token of this list");
        }
    }

    private static String token(RawName path) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(path.bytes());
    }

    /**
     * Writes the list while it is found; returns how many differences it has.
     *
     * @throws StorageException {@code CANCELLED} also where the client went away
     */
    long write(TreeDiff diff, OutputStream out) {
        OutputStream buffered = new BufferedOutputStream(out, BUFFER);
        try (JsonGenerator json = JSON.createGenerator(buffered)) {
            long count = write(diff.after(after), json);
            json.flush();
            buffered.flush();
            return count;
        } catch (IOException gone) {
            throw new StorageException(ErrorCode.CANCELLED, "the client went away before it had all", gone);
        }
    }

    private long write(TreeDiff diff, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("items");
        long count = 0;
        Optional<String> last = Optional.empty();
        Optional<Change> change = diff.next();
        while (change.isPresent() && count < limit) {
            write(change.get(), json);
            last = Optional.of(token(change.get().path()));
            count++;
            change = diff.next();
        }
        json.writeEndArray();
        json.writeStringField("next", change.isPresent() ? last.orElse(null) : null);
        json.writeEndObject();
        return count;
    }

    private static void write(Change change, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("path", change.path().toString());
        write("rawPath", RawText.ifNotText(change.path()), json);
        json.writeStringField("change", change.kind().name());
        write("oldKind", change.before().map(stat -> stat.kind().name()), json);
        write("newKind", change.after().map(stat -> stat.kind().name()), json);
        writeSize("oldSize", change.before(), json);
        writeSize("newSize", change.after(), json);
        json.writeEndObject();
    }

    private static void write(String field, Optional<String> value, JsonGenerator json) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(field, value.get());
        }
    }

    /** The size of a directory says nothing about what is in it. */
    private static void writeSize(String field, Optional<FileStat> stat, JsonGenerator json) throws IOException {
        if (stat.isPresent() && stat.get().kind() == FileKind.REGULAR) {
            json.writeNumberField(field, stat.get().size());
        }
    }
}
