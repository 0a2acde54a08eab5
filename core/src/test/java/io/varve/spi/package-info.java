@NullMarked
package io.varve.spi;

import org.jspecify.annotations.NullMarked;
