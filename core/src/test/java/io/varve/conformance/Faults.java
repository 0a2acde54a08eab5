package io.varve.conformance;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What a {@link FaultyDriver} does before and after its calls. Each fault happens once. Thread-safe. */
final class Faults {
    private final Map<Place, Runnable> planned = new ConcurrentHashMap<>();

    /** The calls of a driver that change something or may wait. */
    enum Call {
        CREATE_VOLUME,
        DELETE_VOLUME,
        CREATE_SNAPSHOT,
        DELETE_SNAPSHOT,
        REVERT,
        EXPOSE,
        RELEASE,
        COMMIT,
        RESIZE
    }

    /** Whether the driver has done its work yet. */
    enum Moment {
        BEFORE,
        AFTER
    }

    private record Place(Moment moment, Call call) {}

    /** The process is dead from here on: nothing above the driver cleans up after an {@code Error}. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death() {
            super("the process was killed here", null, false, false);
        }
    }

    void at(Moment moment, Call call, Runnable action) {
        planned.put(new Place(moment, call), action);
    }

    void failAt(Moment moment, Call call) {
        at(moment, call, () -> {
            throw new StorageException(ErrorCode.IO_FAILED, "injected failure " + moment + " " + call);
        });
    }

    void dieAt(Moment moment, Call call) {
        at(moment, call, () -> {
            throw new Death();
        });
    }

    void forgetAll() {
        planned.clear();
    }

    <T> T around(Call call, Supplier<T> work) {
        happen(Moment.BEFORE, call);
        T result = work.get();
        happen(Moment.AFTER, call);
        return result;
    }

    void around(Call call, Runnable work) {
        around(call, () -> {
            work.run();
            return call;
        });
    }

    private void happen(Moment moment, Call call) {
        Runnable action = planned.remove(new Place(moment, call));
        if (action != null) {
            action.run();
        }
    }
}
