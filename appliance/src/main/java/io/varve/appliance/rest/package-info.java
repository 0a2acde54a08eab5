/** The REST door: JSON in, use cases, JSON out. */
@NullMarked
package io.varve.appliance.rest;

import org.jspecify.annotations.NullMarked;
