/**
 * Finds drivers and opens stores: which technology is here, may this root be one, who has it open. What cannot work here
 * is kept as a value with its reason.
 */
@NullMarked
package io.varve.registry;

import org.jspecify.annotations.NullMarked;
