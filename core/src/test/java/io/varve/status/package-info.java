@NullMarked
package io.varve.status;

import org.jspecify.annotations.NullMarked;
