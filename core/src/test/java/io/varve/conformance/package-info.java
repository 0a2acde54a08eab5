/**
 * The conformance kit: what every driver must do, as tests that third parties can run too. Published as core's test-jar;
 * uses JUnit, AssertJ, {@code io.varve.linux} and {@code io.varve.spi} alone.
 */
@NullMarked
package io.varve.conformance;

import org.jspecify.annotations.NullMarked;
