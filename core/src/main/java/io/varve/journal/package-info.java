/** Intent before, result after: records on their way into or out of the catalog while the driver works. */
@NullMarked
package io.varve.journal;

import org.jspecify.annotations.NullMarked;
