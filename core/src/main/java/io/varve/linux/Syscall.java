package io.varve.linux;

import jnr.ffi.Platform;

/** Numbers of system calls the C library of older hosts has no function for (asm/unistd.h). */
final class Syscall {
    static final long GETDENTS64 = isX86() ? 217 : 61;

    /** The same number everywhere, as for every call newer than Linux 5.1. */
    static final long OPENAT2 = 437;

    static final long MOVE_MOUNT = 429;
    static final long FSOPEN = 430;
    static final long FSCONFIG = 431;
    static final long FSMOUNT = 432;

    private Syscall() {}

    private static boolean isX86() {
        return Platform.getNativePlatform().getCPU() == Platform.CPU.X86_64;
    }
}
