@NullMarked
package io.varve.appliance.config;

import org.jspecify.annotations.NullMarked;
