@NullMarked
package io.varve.browse;

import org.jspecify.annotations.NullMarked;
