package io.varve.conformance;

import io.varve.conformance.Faults.Call;
import io.varve.spi.Capability;
import io.varve.spi.ChangeDetection;
import io.varve.spi.Driver;
import io.varve.spi.DriverStatus;
import io.varve.spi.ExclusiveSize;
import io.varve.spi.NativeStream;
import io.varve.spi.RemovalCheck;
import io.varve.spi.SnapshotBuilder;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A driver as it is, except where faults are planned. */
final class FaultyDriver
        implements Driver, SnapshotBuilder, NativeStream, ExclusiveSize, RemovalCheck, ChangeDetection {
    private final Driver real;
    private final Faults faults;

    FaultyDriver(Driver real, Faults faults) {
        this.real = real;
        this.faults = faults;
    }

    Driver real() {
        return real;
    }

    @Override
    public Set<Capability> capabilities() {
        return real.capabilities();
    }

    @Override
    public void createVolume(VolumeName volume, VolumeSpec spec) {
        faults.around(Call.CREATE_VOLUME, () -> real.createVolume(volume, spec));
    }

    @Override
    public void deleteVolume(VolumeName volume) {
        faults.around(Call.DELETE_VOLUME, () -> real.deleteVolume(volume));
    }

    @Override
    public List<VolumeName> volumes() {
        return real.volumes();
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        return faults.around(Call.CREATE_SNAPSHOT, () -> real.createSnapshot(volume, label, work));
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        faults.around(Call.DELETE_SNAPSHOT, () -> real.deleteSnapshot(volume, label));
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        return real.snapshots(volume);
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        return faults.around(Call.REVERT, () -> real.revert(volume, from, undo, work));
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        return faults.around(Call.EXPOSE, () -> real.expose(volume, label));
    }

    @Override
    public void release(VolumeName volume) {
        faults.around(Call.RELEASE, () -> real.release(volume));
    }

    @Override
    public void resize(VolumeName volume, long bytes) {
        faults.around(Call.RESIZE, () -> real.resize(volume, bytes));
    }

    @Override
    public DriverStatus status() {
        return real.status();
    }

    @Override
    public Path begin(VolumeName volume, SnapshotLabel label, long bytes) {
        return ((SnapshotBuilder) real).begin(volume, label, bytes);
    }

    @Override
    public void commit(VolumeName volume, SnapshotLabel label) {
        faults.around(Call.COMMIT, () -> ((SnapshotBuilder) real).commit(volume, label));
    }

    @Override
    public void abandon(VolumeName volume, SnapshotLabel label) {
        ((SnapshotBuilder) real).abandon(volume, label);
    }

    @Override
    public void send(
            VolumeName volume, SnapshotLabel label, Optional<SnapshotLabel> parent, OutputStream target, Work work) {
        ((NativeStream) real).send(volume, label, parent, target, work);
    }

    @Override
    public long exclusiveBytes(VolumeName volume, SnapshotLabel label, Work work) {
        return ((ExclusiveSize) real).exclusiveBytes(volume, label, work);
    }

    @Override
    public List<String> obstacles(VolumeName volume, Optional<SnapshotLabel> label) {
        return real instanceof RemovalCheck check ? check.obstacles(volume, label) : List.of();
    }

    @Override
    public boolean isUnchanged(VolumeName volume, SnapshotLabel since) {
        return ((ChangeDetection) real).isUnchanged(volume, since);
    }

    @Override
    public void close() {
        real.close();
    }
}
