package io.varve.spi;

import java.util.List;
import java.util.Optional;

/**
 * The ability to say beforehand that a removal would be refused, for drivers whose trees can hold something that cannot
 * be removed with them. A volume goes with its snapshots in many steps, so what refuses is asked before the first one.
 */
public interface RemovalCheck {
    /**
     * Why the head ({@code label} empty) or the snapshot could not be removed as things are, with what to do about it,
     * for people; empty where nothing is known to stand in the way, and for what is not there. Mounts inside need not be
     * told: the caller has looked. Changes nothing; cheap.
     */
    List<String> obstacles(VolumeName volume, Optional<SnapshotLabel> label);
}
