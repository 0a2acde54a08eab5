@NullMarked
package io.varve.volume;

import org.jspecify.annotations.NullMarked;
