/** The example of docs/driver-authors.md: a driver as its author would write it, with its test. */
@NullMarked
package io.varve.conformance.example;

import org.jspecify.annotations.NullMarked;
