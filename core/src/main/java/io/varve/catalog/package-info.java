/**
 * What we intend and know of a store: volumes, snapshots, tags, holds, metadata, as readable JSON records in the store
 * itself. One small file a record, so that a change costs the same at ten snapshots and at ten thousand.
 *
 * <pre>
 * catalog/VOLUME/volume.json
 * catalog/VOLUME/snapshots/LABEL.json
 * catalog/VOLUME/metadata/LABEL/NAME
 * </pre>
 */
@NullMarked
package io.varve.catalog;

import org.jspecify.annotations.NullMarked;
