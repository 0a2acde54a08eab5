/** Policies at work: which there are, what one would do, and doing it: taking snapshots, and pruning, apart from it. */
@NullMarked
package io.varve.policy;

import org.jspecify.annotations.NullMarked;
