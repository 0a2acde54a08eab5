package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Aligned columns with a heading, for people. A column that is empty in every row is left out. */
final class Table {
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    void add(JsonNode item) {
        rows.add(columns.stream().map(column -> column.show(item, true)).toList());
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    List<String> lines() {
        int[] shown = IntStream.range(0, columns.size())
                .filter(i -> rows.stream().anyMatch(row -> !row.get(i).equals(Kind.NOTHING)))
                .toArray();
        List<String> titles = columns.stream().map(Column::title).toList();
        List<String> lines = new ArrayList<>();
        lines.add(line(titles, shown));
        rows.forEach(row -> lines.add(line(row, shown)));
        return lines;
    }

    private String line(List<String> cells, int[] shown) {
        StringBuilder line = new StringBuilder();
        for (int i : shown) {
            String blanks = " ".repeat(width(i) - Texts.width(cells.get(i)));
            boolean right = columns.get(i).kind().isRightAligned();
            line.append(line.isEmpty() ? "" : GAP).append(right ? blanks + cells.get(i) : cells.get(i) + blanks);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = rows.stream()
                .mapToInt(row -> Texts.width(row.get(column)))
                .max()
                .orElse(0);
        return Math.max(widest, Texts.width(columns.get(column).title()));
    }
}
