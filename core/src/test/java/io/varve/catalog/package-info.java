@NullMarked
package io.varve.catalog;

import org.jspecify.annotations.NullMarked;
