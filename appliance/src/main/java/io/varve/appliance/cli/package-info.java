/**
 * The command line: a plain client of the REST contract, with no rules of its own.
 *
 * <p>It starts in the same binary as the daemon and must be ready in milliseconds: nothing here may reach Quarkus, a
 * logging framework, or a floor of the core that opens stores.
 */
@NullMarked
package io.varve.appliance.cli;

import org.jspecify.annotations.NullMarked;
