@NullMarked
package io.varve.appliance.schedule;

import org.jspecify.annotations.NullMarked;
