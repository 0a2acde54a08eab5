package io.varve.appliance.cli;

/** Keeps the HTTP client's logging from starting a logging framework: a command has nothing to log. */
final class LoggingSwitch {
    private static final String PROVIDER = "slf4j.provider";
    private static final String VERBOSITY = "slf4j.internal.verbosity";

    private LoggingSwitch() {}

    /** Works before the first logger of the process is asked for; what somebody chose before stays. */
    static void off() {
        if (System.getProperty(PROVIDER) == null) {
            System.setProperty(PROVIDER, "org.slf4j.helpers.NOP_FallbackServiceProvider");
            System.setProperty(VERBOSITY, "ERROR");
        }
    }
}
