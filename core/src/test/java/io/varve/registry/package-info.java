@NullMarked
package io.varve.registry;

import org.jspecify.annotations.NullMarked;
