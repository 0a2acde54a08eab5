/**
 * The semantics, once for all drivers: stores, volumes, snapshots, tags, holds, rollback with undo, plans, locks,
 * operations and events.
 */
@NullMarked
package io.varve.volume;

import org.jspecify.annotations.NullMarked;
