package io.varve.appliance.jmx;

import io.varve.share.Client;
import io.varve.share.Export;
import io.varve.share.Exports;
import io.varve.spi.VolumeName;

import java.nio.file.Path;
import java.util.List;

/**
 * What other hosts may use, as management clients see it; absent texts are empty.
 *
 * @param volume empty for the whole store
 * @param path what clients mount
 * @param problem why they cannot
 */
public record ExportData(
        String id,
        String volume,
        String path,
        List<String> clients,
        boolean readOnly,
        boolean rootSquash,
        String problem) {

    static ExportData of(Exports.Condition condition) {
        Export export = condition.export();
        return new ExportData(
                export.id(),
                export.volume().map(VolumeName::value).orElse(""),
                condition.path().map(Path::toString).orElse(""),
                export.clients().stream().map(Client::text).toList(),
                export.readOnly(),
                export.rootSquash(),
                condition.problem().orElse(""));
    }
}
