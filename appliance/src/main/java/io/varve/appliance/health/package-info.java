/** What health probes see. */
@NullMarked
package io.varve.appliance.health;

import org.jspecify.annotations.NullMarked;
