@NullMarked
package io.varve.linux;

import org.jspecify.annotations.NullMarked;
