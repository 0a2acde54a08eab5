@NullMarked
package io.varve.archive;

import org.jspecify.annotations.NullMarked;
