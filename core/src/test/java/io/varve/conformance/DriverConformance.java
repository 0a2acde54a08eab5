package io.varve.conformance;

import org.junit.jupiter.api.Nested;

/**
 * What every driver promises. A driver's own test extends this class and gives the fixture, nothing more:
 *
 * <pre>
 * class RsyncConformanceTest extends DriverConformance {
 *     &#64;Override
 *     protected DriverFixture fixture() {
 *         return new RsyncFixture();
 *     }
 * }
 * </pre>
 *
 * <p>Each test has a store, or the driver alone, on a root of its own. After each one that passed it is checked that
 * catalog and disk agree, nothing is under way, nothing of ours is in a volume, and opening again changes nothing. What
 * a driver cannot do must be refused with {@code NOT_SUPPORTED}; what depends on it is then not asked.
 */
public abstract class DriverConformance {
    /** Makes the fixture; called once for the class. */
    protected abstract DriverFixture fixture();

    @Nested
    class Opening extends OpeningPromises {}

    @Nested
    class Volumes extends VolumePromises {}

    @Nested
    class Snapshots extends SnapshotPromises {}

    @Nested
    class Changes extends ChangePromises {}

    @Nested
    class InvalidSnapshots extends InvalidSnapshotPromises {}

    @Nested
    class Tags extends TagPromises {}

    @Nested
    class Metadata extends MetadataPromises {}

    @Nested
    class Rollbacks extends RollbackPromises {}

    @Nested
    class Removals extends RemovalPromises {}

    @Nested
    class Holds extends HoldPromises {}

    @Nested
    class Locating extends LocatePromises {}

    @Nested
    class Errors extends ErrorPromises {}

    @Nested
    class Concurrency extends ConcurrencyPromises {}

    @Nested
    class Crashes extends CrashPromises {}

    @Nested
    class JournalStates extends JournalPromises {}

    @Nested
    class Space extends SpacePromises {}

    @Nested
    class Sizes extends ResizePromises {}

    @Nested
    class Releases extends ReleasePromises {}

    @Nested
    class Imports extends ImportPromises {}

    @Nested
    class Archives extends ArchivePromises {}

    @Nested
    class Readers extends ReaderPromises {}

    @Nested
    class Closing extends ClosingPromises {}

    @Nested
    class Abilities extends AbilityPromises {}

    @Nested
    class Scale extends ScalePromises {}

    @Nested
    class DriverAlone extends DriverPromises {}
}
