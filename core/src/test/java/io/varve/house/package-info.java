@NullMarked
package io.varve.house;

import org.jspecify.annotations.NullMarked;
