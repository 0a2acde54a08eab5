package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Aligned columns with a heading, for people. A column that is empty in every row is left out. */
final class Table {
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final int[] before;
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<Column> columns) {
        this(columns, new int[0]);
    }

    /** @param before the widths the columns have above, 0 for one that was left out; none where nothing is above */
    private Table(List<Column> columns, int[] before) {
        this.columns = List.copyOf(columns);
        this.before = before;
    }

    void add(JsonNode item) {
        rows.add(columns.stream().map(column -> column.show(item, true)).toList());
    }

    int size() {
        return rows.size();
    }

    /** A table that goes on where this one ends; it has a heading of its own only where the columns do not fit. */
    Table next() {
        return new Table(columns, widths());
    }

    List<String> lines() {
        if (rows.isEmpty()) {
            return List.of();
        }
        int[] widths = widths();
        List<String> titles = columns.stream().map(Column::title).toList();
        List<String> lines = new ArrayList<>();
        if (!Arrays.equals(widths, before)) {
            lines.add(line(titles, widths));
        }
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] > 0) {
                String blanks = " ".repeat(widths[i] - Texts.width(cells.get(i)));
                boolean right = columns.get(i).kind().isRightAligned();
                line.append(line.isEmpty() ? "" : GAP).append(right ? blanks + cells.get(i) : cells.get(i) + blanks);
            }
        }
        return line.toString().stripTrailing();
    }

    private int[] widths() {
        return IntStream.range(0, columns.size()).map(this::width).toArray();
    }

    /** 0 where no row has anything there. */
    private int width(int column) {
        int above = before.length == 0 ? 0 : before[column];
        int widest = rows.stream()
                .map(row -> row.get(column))
                .mapToInt(Texts::width)
                .max()
                .orElse(0);
        boolean isEmpty = rows.stream().allMatch(row -> row.get(column).equals(Kind.NOTHING));
        return isEmpty
                ? above
                : Math.max(
                        above, Math.max(widest, Texts.width(columns.get(column).title())));
    }
}
