package io.varve.appliance.cli;

/** The exit statuses of the outer contract. */
final class ExitStatus {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;

    private ExitStatus() {}
}
