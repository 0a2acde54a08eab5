package io.varve.linux;

import jnr.constants.platform.Signal;
import jnr.posix.util.SunMiscSignal;

import java.util.List;

/** Signals to this process. */
public final class Signals {
    private Signals() {}

    /** Does this, in a thread of its own, when the process is asked to end (SIGTERM, SIGINT). */
    public static void onTermination(Runnable action) {
        for (Signal signal : List.of(Signal.SIGTERM, Signal.SIGINT)) {
            SunMiscSignal.signal(signal, number -> action.run());
        }
    }
}
