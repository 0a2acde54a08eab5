@NullMarked
package io.varve.share;

import org.jspecify.annotations.NullMarked;
