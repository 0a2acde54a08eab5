package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a command says, in the form its reader wants; always UTF-8. */
final class Output {
    /** JSON as the appliance gave it, tables and sentences for a terminal, bare columns for a pipe. */
    enum Form {
        JSON,
        TERMINAL,
        PLAIN
    }

    /** Rows that a table waits for before it is shown: a list of any length takes the same memory. */
    private static final int BATCH = 1000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final Form form;

    Output(Surroundings surroundings, Form form) {
        this.out = new PrintWriter(new OutputStreamWriter(surroundings.out(), StandardCharsets.UTF_8), false);
        this.err = new PrintWriter(new OutputStreamWriter(surroundings.err(), StandardCharsets.UTF_8), true);
        this.form = form;
    }

    Form form() {
        return form;
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    /** A list over all its pages; {@code whenEmpty} is said to people where it has no items. */
    void list(Iterator<JsonNode> items, List<Column> columns, String whenEmpty) {
        switch (form) {
            case JSON -> jsonArray(items);
            case PLAIN -> items.forEachRemaining(item -> out.println(plainLine(columns, item)));
            case TERMINAL -> table(items, columns, whenEmpty);
        }
    }

    /** One object. */
    void details(Answer answer) {
        switch (form) {
            case JSON -> unchanged(answer);
            case PLAIN, TERMINAL -> lines(new Details(form == Form.TERMINAL).lines(answer.json()));
        }
    }

    /** What was done: the document, a sentence for people, or the one word a script wants. */
    void done(Answer answer, String sentence, String word) {
        switch (form) {
            case JSON -> unchanged(answer);
            case PLAIN -> out.println(Texts.line(word));
            case TERMINAL -> out.println(Texts.line(sentence));
        }
    }

    /** As above where a script wants to hear nothing. */
    void done(Answer answer, String sentence) {
        switch (form) {
            case JSON -> unchanged(answer);
            case TERMINAL -> out.println(Texts.line(sentence));
            case PLAIN -> {}
        }
    }

    /** The document of an answer, byte for byte, with a line end. */
    void unchanged(Answer answer) {
        if (answer.isEmpty()) {
            return;
        }
        String text = answer.text();
        out.print(text);
        if (!text.endsWith("\n")) {
            out.println();
        }
    }

    /** Text the appliance laid out itself, with tabs. */
    void text(Answer answer) {
        answer.text()
                .lines()
                .forEach(line -> out.println(String.join(
                        "\t", Stream.of(line.split("\t", -1)).map(Texts::line).toList())));
    }

    void lines(List<String> lines) {
        lines.forEach(out::println);
    }

    /** A line of columns for programs. */
    void row(String... cells) {
        out.println(Stream.of(cells).map(Output::cell).collect(Collectors.joining("\t")));
    }

    private static String cell(String text) {
        return text.isEmpty() ? Kind.NOTHING : Texts.line(text);
    }

    /** A remark for people beside the result. */
    void remark(String line) {
        if (form == Form.TERMINAL) {
            out.flush();
            err.println(line);
        }
    }

    static String plainLine(List<Column> columns, JsonNode item) {
        return columns.stream().map(column -> column.show(item, false)).collect(Collectors.joining("\t"));
    }

    private void table(Iterator<JsonNode> items, List<Column> columns, String whenEmpty) {
        if (!items.hasNext()) {
            remark(whenEmpty);
            return;
        }
        Table table = new Table(columns);
        while (items.hasNext()) {
            table.add(items.next());
            if (table.size() == BATCH) {
                lines(table.lines());
                out.flush();
                table = table.next();
            }
        }
        lines(table.lines());
    }

    private void jsonArray(Iterator<JsonNode> items) {
        String before = "[";
        while (items.hasNext()) {
            out.print(before + "\n  " + Json.compact(items.next()));
            before = ",";
        }
        out.println(before.equals("[") ? "[]" : "\n]");
    }
}
