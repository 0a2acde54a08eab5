package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import picocli.CommandLine.Command;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

@Command(
        name = "status",
        description = "Show how the appliance's stores are: their state, space, and what is wrong.",
        footer = {"varve status", "varve store status fast   # one store's space and pool"})
final class StatusCommand implements Runnable {
    private static final ApiPath PATH = ApiPath.of("status");
    private static final List<Column> COLUMNS = List.of(
            Column.text("STORE", "store"),
            new Column("DRIVER", Kind.TEXT, store -> store.at("/status/driver")),
            Column.text("STATE", "state"),
            new Column("TOTAL", Kind.SIZE, store -> store.at("/status/space/total")),
            new Column("USED", Kind.SIZE, store -> store.at("/status/space/used")),
            new Column("FREE", Kind.SIZE, store -> store.at("/status/space/available")),
            new Column("USE%", Kind.NUMBER, StatusCommand::share),
            new Column("PROBLEM", Kind.LIST, StatusCommand::problem));

    private final Session session;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (session.json()) {
            session.show(PATH);
        } else {
            session.list(PATH, COLUMNS, "no stores yet: varve store add NAME DIRECTORY");
        }
    }

    /** As df(1): of what can be had at all, rounded up. */
    private static JsonNode share(JsonNode store) {
        BigDecimal used = store.at("/status/space/used").decimalValue();
        BigDecimal total = used.add(store.at("/status/space/available").decimalValue());
        if (total.signum() <= 0) {
            return MissingNode.getInstance();
        }
        BigDecimal share = used.movePointRight(2).divide(total, 0, RoundingMode.CEILING);
        return TextNode.valueOf(share.toPlainString() + "%");
    }

    private static JsonNode problem(JsonNode store) {
        JsonNode reason = store.path("reason");
        return Json.isBlank(reason) ? store.at("/status/errors") : reason;
    }
}
