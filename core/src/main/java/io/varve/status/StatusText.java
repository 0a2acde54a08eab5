package io.varve.status;

import io.varve.spi.DriverStatus;
import io.varve.spi.DriverType;
import io.varve.spi.ThinPool;
import io.varve.spi.Usage;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The status of a store as text for people. Scripts read {@code Driver:} and {@code Logical Volume:} out of it, so the
 * layout is an interface; values stand as they are, nothing is escaped.
 */
public final class StatusText {
    /** Where values begin in the plain form. */
    private static final int VALUE_COLUMN = 24;

    private StatusText() {}

    public static String of(DriverType driver, DriverStatus status) {
        StringBuilder text = new StringBuilder();
        if (status.thinPool().isPresent()) {
            pool(driver, status.thinPool().get(), text);
        } else {
            plain(driver, status, text);
            text.append(status.errors().isEmpty() ? "" : "\n");
        }
        errors(status.errors(), text);
        return text.toString();
    }

    private static void plain(DriverType driver, DriverStatus status, StringBuilder text) {
        fact("Driver", driver.value(), text);
        for (Map.Entry<String, String> each : status.data().entrySet()) {
            fact(each.getKey(), each.getValue(), text);
        }
        text.append("Usage Data:\n");
        for (Usage usage : status.usage()) {
            String name = usage.label() + " " + usage.type();
            text.append('\t').append(name).append(": ").append(value(usage)).append('\n');
        }
    }

    static void fact(String name, String value, StringBuilder text) {
        text.append(name).append(':');
        text.repeat(' ', Math.max(1, VALUE_COLUMN - name.length() - 1));
        text.append(value).append('\n');
    }

    private static String value(Usage usage) {
        return switch (usage) {
            case Usage.Whole whole when isCount(whole.type()) -> Long.toString(whole.value());
            case Usage.Whole whole -> HumanSize.of(whole.value());
            case Usage.Real real -> String.format(Locale.ROOT, "%.2f", real.value());
        };
    }

    /** A whole figure is in bytes where its type does not say otherwise. */
    private static boolean isCount(String type) {
        return type.endsWith("Blocks") || type.endsWith("Count") || type.endsWith("Snapshots");
    }

    private static void pool(DriverType driver, ThinPool pool, StringBuilder text) {
        AlignedText head = new AlignedText();
        head.line("Driver:", driver.value());
        head.line("Driver Type:", pool.arrangement());
        head.line("Volume Path:", pool.path());
        AlignedText body = new AlignedText();
        body.line("Thin Pool").line("---------");
        body.line("Logical Volume: ", pool.poolName());
        space("Metadata (total/used/avail): ", pool.metadata(), body);
        space("Data (total/used/avail): ", pool.data(), body);
        text.append('\n').append(head).append('\n').append(body).append('\n');
        pool.tenants().forEach(tenant -> tenant(tenant, text));
    }

    private static void space(String name, DriverStatus.Space space, AlignedText target) {
        target.line(
                name,
                HumanSize.of(space.total()),
                "/ " + HumanSize.of(space.used()),
                "(" + Percent.of(space.used(), space.total()) + ")",
                "/ " + HumanSize.of(space.available()),
                "(" + Percent.of(space.available(), space.total()) + ")");
    }

    private static void tenant(ThinPool.Tenant tenant, StringBuilder text) {
        AlignedText block = new AlignedText();
        block.line(tenant.tenantId() + " Application Data");
        block.line("-----------------------------------------");
        block.line("Volume Mount Point:", tenant.volumePath());
        space("Filesystem (total/used/avail):", tenant.filesystem(), block);
        block.line("Virtual device size:", Blocks.human(tenant.deviceTotalBlocks()));
        text.append(block).append('\n');
        errors(tenant.errors(), text);
    }

    /** Each stands between empty lines; the one before the first is there already. */
    private static void errors(List<String> errors, StringBuilder text) {
        errors.forEach(error -> text.append(error).append("\n\n"));
    }
}
