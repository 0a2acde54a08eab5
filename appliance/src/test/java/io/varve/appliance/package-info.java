@NullMarked
package io.varve.appliance;

import org.jspecify.annotations.NullMarked;
