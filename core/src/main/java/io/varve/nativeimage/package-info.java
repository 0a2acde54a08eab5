/** Tells the builder of a native image what it cannot see by itself. Used while an image is built, never at run time. */
@NullMarked
package io.varve.nativeimage;

import org.jspecify.annotations.NullMarked;
