package io.varve.status;

import java.util.ArrayList;
import java.util.List;

/**
 * Text of lines with cells. A column is a run of adjacent lines that have a cell there with another one after it; it is
 * as wide as its widest cell and one blank, and at least four.
 */
final class AlignedText {
    private static final int MIN_WIDTH = 4;

    private final List<List<String>> lines = new ArrayList<>();

    AlignedText line(String... cells) {
        lines.add(List.of(cells));
        return this;
    }

    private boolean isPadded(int line, int column) {
        return line >= 0 && line < lines.size() && column < lines.get(line).size() - 1;
    }

    private int width(int line, int column) {
        int first = line;
        while (isPadded(first - 1, column)) {
            first--;
        }
        int widest = 0;
        for (int i = first; isPadded(i, column); i++) {
            widest = Math.max(widest, length(lines.get(i).get(column)));
        }
        return Math.max(MIN_WIDTH, widest + 1);
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < lines.size(); line++) {
            List<String> cells = lines.get(line);
            for (int column = 0; column < cells.size(); column++) {
                String cell = cells.get(column);
                text.append(cell);
                if (isPadded(line, column)) {
                    text.repeat(' ', width(line, column) - length(cell));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }
}
