@NullMarked
package io.varve.appliance.house;

import org.jspecify.annotations.NullMarked;
