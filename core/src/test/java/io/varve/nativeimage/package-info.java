@NullMarked
package io.varve.nativeimage;

import org.jspecify.annotations.NullMarked;
