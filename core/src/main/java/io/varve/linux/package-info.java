/**
 * The only door to the kernel and to external programs: system calls (through jnr-ffi), errno, raw file
 * names, durable files, the mount table, who uses a tree, and {@link io.varve.linux.Commands}.
 *
 * <p>Nothing here knows what a volume or a driver is.
 */
@NullMarked
package io.varve.linux;

import org.jspecify.annotations.NullMarked;
