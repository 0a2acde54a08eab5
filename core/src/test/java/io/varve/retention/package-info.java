@NullMarked
package io.varve.retention;

import org.jspecify.annotations.NullMarked;
