/** What of this host's stores other hosts may use over NFS. */
@NullMarked
package io.varve.share;

import org.jspecify.annotations.NullMarked;
