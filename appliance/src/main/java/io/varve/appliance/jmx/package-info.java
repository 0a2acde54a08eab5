/** The JMX door: one MXBean for the appliance and for each store, volume, policy and block device, and who may come in. */
@NullMarked
package io.varve.appliance.jmx;

import org.jspecify.annotations.NullMarked;
