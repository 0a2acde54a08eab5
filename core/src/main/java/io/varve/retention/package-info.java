/**
 * What a policy keeps and what it removes: pure functions over a list of snapshots.
 *
 * <p>Nothing here reads a clock, touches a disk or writes a log. The same snapshots, policy, instant and zone give the same
 * plan, whatever order the snapshots come in; nothing given is changed. {@link io.varve.retention.Retention} is the way
 * in, {@code docs/retention.md} says to operators how the rules count.
 */
@NullMarked
package io.varve.retention;

import org.jspecify.annotations.NullMarked;
