package io.varve.appliance.jmx;

import io.varve.spi.DriverStatus;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.status.HumanSize;
import io.varve.volume.StoreEntry;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

final class StoreBean implements StoreMXBean {
    private final Stores stores;
    private final StoreName name;

    StoreBean(Stores stores, StoreName name) {
        this.stores = stores;
        this.name = name;
    }

    private StoreEntry entry() {
        return stores.entry(name);
    }

    private DriverStatus.Space space() {
        return stores.store(name).status().space();
    }

    @Override
    public String getName() {
        return name.value();
    }

    @Override
    public String getDriver() {
        return entry().definition().driver().map(Object::toString).orElse("");
    }

    @Override
    public String getRoot() {
        return entry().definition().root().toString();
    }

    @Override
    public Map<String, String> getOptions() {
        return entry().definition().options();
    }

    @Override
    public String getState() {
        return entry().condition().state().name();
    }

    @Override
    public String getProblem() {
        return entry().problem().orElse("");
    }

    @Override
    public List<String> getVolumes() {
        return stores.store(name).volumes().stream()
                .map(volume -> volume.name().value())
                .toList();
    }

    @Override
    public long getTotalBytes() {
        return space().total();
    }

    @Override
    public long getUsedBytes() {
        return space().used();
    }

    @Override
    public long getAvailableBytes() {
        return space().available();
    }

    @Override
    public String getStatus() {
        return stores.store(name).statusReport().text();
    }

    @Override
    public String createVolume(String volume) {
        return create(volume, VolumeSpec.unlimited());
    }

    @Override
    public String createVolume(String volume, String size) {
        return create(volume, new VolumeSpec(OptionalLong.of(HumanSize.parse("size", size))));
    }

    private String create(String volume, VolumeSpec spec) {
        return stores.store(name)
                .createVolume(VolumeName.of(volume), spec)
                .head()
                .toString();
    }

    @Override
    public void removeVolume(String volume) {
        stores.store(name).removeVolume(VolumeName.of(volume));
    }
}
