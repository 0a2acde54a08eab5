/** Who may do what: tokens and their roles. */
@NullMarked
package io.varve.access;

import org.jspecify.annotations.NullMarked;
