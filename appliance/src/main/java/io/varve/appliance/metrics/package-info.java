/** What Prometheus sees: how operations went, and how stores, policies and disks are. */
@NullMarked
package io.varve.appliance.metrics;

import org.jspecify.annotations.NullMarked;
