/**
 * The conformance kit: what every driver promises, as tests, and a complete simulated driver.
 *
 * <p>A driver's own test is a {@link io.varve.conformance.DriverFixture} and an almost empty subclass of
 * {@link io.varve.conformance.DriverConformance}. See docs/driver-authors.md.
 */
@NullMarked
package io.varve.conformance;

import org.jspecify.annotations.NullMarked;
