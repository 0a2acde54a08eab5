/** The daemon: Quarkus around the use cases of core. No door has logic of its own, and no driver is named. */
@NullMarked
package io.varve.appliance;

import org.jspecify.annotations.NullMarked;
