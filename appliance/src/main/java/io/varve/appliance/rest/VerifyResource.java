package io.varve.appliance.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.varve.access.Role;
import io.varve.archive.ArchiveInspector;
import io.varve.archive.ArchiveLimits;
import io.varve.archive.Inspection;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads an archive to its end and tells what is in it; writes nothing. */
@OfNoStore
@Needs(Role.VIEWER)
@Path("/api/v1/archives/verify")
public class VerifyResource {
    /** @param valid whether an import would take the archive */
    record VerdictView(boolean valid, @JsonUnwrapped Inspection inspection) {
        static VerdictView of(Inspection inspection) {
            return new VerdictView(inspection.isSound(), inspection);
        }
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    public VerdictView verify(@HeaderParam(HttpHeaders.CONTENT_ENCODING) Optional<String> coding, InputStream content) {
        try (InputStream archive = Compression.of(coding).decompress(content)) {
            return VerdictView.of(ArchiveInspector.verify(archive, ArchiveLimits.generous(), Work.unwatched()));
        } catch (IOException broken) {
            throw new StorageException(
                    ErrorCode.ARCHIVE_INVALID, "the archive could not be read: " + broken.getMessage(), broken);
        }
    }
}
