/**
 * What a driver author implements and sees.
 *
 * <p>A driver is mechanism alone: it makes, copies, switches and removes directory trees or block devices. Everything
 * that has a rule (labels, tags, holds, retention, locks, plans) is done once above it, the same for every driver.
 * Nothing here depends on anything but the JDK.
 */
@NullMarked
package io.varve.spi;

import org.jspecify.annotations.NullMarked;
