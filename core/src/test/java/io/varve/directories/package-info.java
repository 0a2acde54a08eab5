@NullMarked
package io.varve.directories;

import org.jspecify.annotations.NullMarked;
