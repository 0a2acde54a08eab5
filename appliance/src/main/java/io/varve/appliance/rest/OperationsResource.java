package io.varve.appliance.rest;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Operation;
import io.varve.volume.Operations;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;

import java.time.Instant;
import java.util.Optional;

/** Work that runs or ran lately. */
@Path("/api/v1/operations")
public class OperationsResource {
    private final Operations operations;

    @Inject
    public OperationsResource(Operations operations) {
        this.operations = operations;
    }

    record OperationView(
            String id,
            String type,
            String state,
            String store,
            Optional<String> volume,
            Optional<String> snapshot,
            Operation.Progress progress,
            Instant started,
            Optional<Instant> ended,
            Optional<String> code,
            Optional<String> detail) {
        static OperationView of(Operation operation) {
            Operation.Outcome outcome = operation.outcome();
            return new OperationView(
                    operation.id(),
                    operation.type(),
                    outcome.state().name(),
                    operation.subject().store().value(),
                    operation.subject().volume().map(Object::toString),
                    operation.subject().snapshot().map(Object::toString),
                    operation.progress(),
                    operation.started(),
                    outcome.ended(),
                    outcome.failure().map(Enum::name),
                    Optional.of(outcome.detail()).filter(text -> !text.isEmpty()));
        }
    }

    @GET
    public Page<OperationView> list(
            @QueryParam("limit") Optional<String> limit, @QueryParam("page") Optional<String> page) {
        return Page.of(operations.list(), limit, page, OperationView::of);
    }

    @GET
    @Path("/{id}")
    public OperationView show(@PathParam("id") String id) {
        return operations.find(id).map(OperationView::of).orElseThrow(() -> absent(id));
    }

    /** Asks a running operation to stop. */
    @DELETE
    @Path("/{id}")
    public void cancel(@PathParam("id") String id) {
        if (operations.find(id).isEmpty()) {
            throw absent(id);
        }
        operations.cancel(id);
    }

    private static StorageException absent(String id) {
        return new StorageException(ErrorCode.NOT_FOUND, "there is no operation '" + id + "'");
    }
}
