/** Volumes as thin devices of a device-mapper pool. */
@NullMarked
package io.varve.driver.devicemapper;

import org.jspecify.annotations.NullMarked;
