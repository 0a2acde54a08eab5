@NullMarked
package io.varve.policy;

import org.jspecify.annotations.NullMarked;
