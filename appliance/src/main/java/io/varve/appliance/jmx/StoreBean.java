package io.varve.appliance.jmx;

import io.varve.share.Client;
import io.varve.share.Export;
import io.varve.share.Exports;
import io.varve.spi.DriverStatus;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.status.HumanSize;
import io.varve.volume.StoreEntry;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

final class StoreBean implements StoreMXBean {
    private final Stores stores;
    private final Exports exports;
    private final StoreName name;

    StoreBean(Stores stores, Exports exports, StoreName name) {
        this.stores = stores;
        this.exports = exports;
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
    public List<ExportData> getExports() {
        return exports.of(name).stream().map(ExportData::of).toList();
    }

    @Override
    public String share(String volume, List<String> clients, boolean readOnly, boolean rootSquash) {
        Optional<VolumeName> shared =
                Optional.of(volume).filter(text -> !text.isEmpty()).map(VolumeName::of);
        List<Client> all = clients.stream().map(Client::new).toList();
        return exports.add(new Export("", name, shared, all, readOnly, rootSquash))
                .condition()
                .export()
                .id();
    }

    @Override
    public void unshare(String id) {
        exports.remove(name, id);
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
