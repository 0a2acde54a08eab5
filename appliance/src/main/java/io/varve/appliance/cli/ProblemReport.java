package io.varve.appliance.cli;

import java.io.PrintWriter;

/** Problems on standard error: a sentence with its code and the names for people, the document itself for programs. */
final class ProblemReport {
    private final PrintWriter err;
    private final boolean json;

    ProblemReport(PrintWriter err, boolean json) {
        this.err = err;
        this.json = json;
    }

    void print(Problem problem) {
        if (json) {
            err.println(Json.compact(problem.document()));
        } else {
            printForPeople(problem);
        }
        err.flush();
    }

    private void printForPeople(Problem problem) {
        err.println("varve: " + Texts.lines(problem.detail()) + " [" + Texts.line(problem.code()) + "]");
        if (!problem.names().isEmpty()) {
            err.println("  " + Texts.line(String.join(", ", problem.names())));
        }
        problem.hint().forEach(line -> err.println("  " + line));
    }
}
