package io.varve.conformance;

/** Places inside a driver's work where the kit can make it die, as a killed process does: nothing is cleaned up. */
public interface CrashPoints {
    /**
     * Makes the driver throw {@code death} at a step of its work, out of whatever it does there.
     *
     * @param step counted from now, the first is 1
     */
    void dieAt(int step, Error death);

    /** Dies no more. */
    void live();
}
