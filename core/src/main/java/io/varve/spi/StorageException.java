package io.varve.spi;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The one exception of drivers and of everything above them.
 *
 * <p>The message names what was attempted, on what, why it failed and, where there is something to do, what. Details
 * carry the names concerned ({@code store}, {@code volume}, {@code snapshot}, {@code tag}, ...) for programs.
 */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, String> details;

    public StorageException(ErrorCode code, String message) {
        this(code, message, Map.of(), null);
    }

    public StorageException(ErrorCode code, String message, Throwable cause) {
        this(code, message, Map.of(), cause);
    }

    private StorageException(ErrorCode code, String message, Map<String, String> details, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code is null");
        this.details = Map.copyOf(details);
    }

    public ErrorCode code() {
        return code;
    }

    /** The names concerned, by kind of thing. */
    public Map<String, String> details() {
        return details;
    }

    /** The same failure with one more name; a name that is there already stays. */
    public StorageException with(String kind, Object name) {
        if (details.containsKey(kind)) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(details);
        more.put(kind, name.toString());
        StorageException copy = new StorageException(code, text(), more, getCause());
        copy.setStackTrace(getStackTrace());
        for (Throwable suppressed : getSuppressed()) {
            copy.addSuppressed(suppressed);
        }
        return copy;
    }

    private String text() {
        return Objects.requireNonNullElse(getMessage(), code.name());
    }
}
