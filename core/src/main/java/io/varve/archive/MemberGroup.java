package io.varve.archive;

/** What a member belongs to: the part of its first name component after the snapshot's name. */
enum MemberGroup {
    DRIVER("-driver"),
    DEVICE("-device"),
    METADATA("-metadata"),
    VOLUME("-volume");

    private final String suffix;

    MemberGroup(String suffix) {
        this.suffix = suffix;
    }

    String suffix() {
        return suffix;
    }

    /** The driver and device members come before all others. */
    boolean isHead() {
        return this == DRIVER || this == DEVICE;
    }
}
