@NullMarked
package io.varve.appliance.cli;

import org.jspecify.annotations.NullMarked;
