/** Settings from the environment and the configuration file, checked as a whole. */
@NullMarked
package io.varve.appliance.config;

import org.jspecify.annotations.NullMarked;
