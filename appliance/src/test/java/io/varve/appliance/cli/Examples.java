package io.varve.appliance.cli;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Takes the call of varve out of an example written for a shell. */
final class Examples {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private Examples() {}

    /** The words from the last {@code varve} of a pipeline up to where the shell takes over. */
    static List<String> words(String example) {
        String bare = example.replaceAll("\\s+#.*$", "").replaceAll("\\$\\(.*\\)", "LABEL");
        String inner = bare.replaceAll("^source <\\((.*)\\)$", "$1");
        String call = inner.substring(inner.lastIndexOf("varve ")).replaceAll(" [|>] .*$", "");
        return WORD.matcher(call).results().map(Examples::word).toList();
    }

    private static String word(MatchResult match) {
        for (int group = 1; group <= 3; group++) {
            if (match.group(group) != null) {
                return match.group(group);
            }
        }
        return "";
    }
}
