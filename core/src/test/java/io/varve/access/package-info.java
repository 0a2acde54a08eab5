/** Tokens, their book on disk, and guesses. */
@NullMarked
package io.varve.access;

import org.jspecify.annotations.NullMarked;
