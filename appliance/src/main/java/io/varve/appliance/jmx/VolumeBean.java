package io.varve.appliance.jmx;

import io.varve.catalog.Tag;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.status.HumanSize;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
import io.varve.volume.Volume;

import java.util.List;
import java.util.Optional;

final class VolumeBean implements VolumeMXBean {
    private final Stores stores;
    private final StoreName store;
    private final VolumeName name;

    VolumeBean(Stores stores, StoreName store, VolumeName name) {
        this.stores = stores;
        this.store = store;
        this.name = name;
    }

    private Volume volume() {
        return stores.store(store).volume(name);
    }

    @Override
    public String getName() {
        return name.value();
    }

    @Override
    public String getStore() {
        return store.value();
    }

    @Override
    public String getPath() {
        return volume().head().toString();
    }

    @Override
    public String getCreated() {
        return volume().record().created().toString();
    }

    @Override
    public long getSizeBytes() {
        return volume().record().size().orElse(0);
    }

    @Override
    public int getSnapshotCount() {
        return volume().snapshotCount();
    }

    @Override
    public List<SnapshotData> getSnapshots() {
        return volume().snapshots().stream().map(SnapshotData::of).toList();
    }

    @Override
    public String snapshot(String label, String message) {
        Volume volume = volume();
        Optional<SnapshotLabel> wanted =
                Optional.of(label).filter(text -> !text.isEmpty()).map(volume::label);
        return volume.snapshot(SnapshotRequest.manual(wanted, message, List.of()))
                .label()
                .value();
    }

    @Override
    public void removeSnapshot(String label) {
        Volume volume = volume();
        volume.removeSnapshot(volume.label(label));
    }

    @Override
    public String rollback(String label, boolean force) {
        Volume volume = volume();
        return volume.rollback(volume.label(label), force, Optional.empty(), Optional.empty())
                .undo()
                .label()
                .value();
    }

    @Override
    public void tag(String label, String tag) {
        Volume volume = volume();
        volume.tag(volume.label(label), Tag.of(tag));
    }

    @Override
    public void untag(String tag) {
        volume().untag(Tag.of(tag));
    }

    @Override
    public void hold(String label, String owner, String reason) {
        Volume volume = volume();
        volume.hold(volume.label(label), owner, reason, Optional.empty());
    }

    @Override
    public void unhold(String label, String owner) {
        Volume volume = volume();
        volume.unhold(volume.label(label), owner);
    }

    @Override
    public void resize(String size) {
        volume().resize(HumanSize.parse("size", size));
    }

    @Override
    public void release() {
        volume().release();
    }
}
