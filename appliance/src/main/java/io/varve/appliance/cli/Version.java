package io.varve.appliance.cli;

/** The version of this program. A test holds it against the build. */
public final class Version {
    public static final String NUMBER = "0.1.0";

    private Version() {}
}
