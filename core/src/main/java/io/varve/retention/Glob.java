package io.varve.retention;

/**
 * A pattern for names: {@code *} stands for any characters or none, {@code ?} for one, everything else for itself. Upper
 * and lower case differ.
 *
 * @param pattern not blank
 */
public record Glob(String pattern) {
    public Glob {
        if (pattern.isBlank()) {
            throw Refusal.invalid("a name pattern is empty; write '*' for every name");
        }
    }

    /** Whether the pattern covers the whole name. Takes at most pattern length times name length steps. */
    public boolean matches(String name) {
        int inPattern = 0;
        int inName = 0;
        int star = -1;
        int starName = 0;
        while (inName < name.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                star = inPattern++;
                starName = inName;
            } else if (inPattern < pattern.length() && covers(pattern.charAt(inPattern), name.charAt(inName))) {
                inPattern++;
                inName++;
            } else if (star >= 0) {
                inPattern = star + 1;
                inName = ++starName;
            } else {
                return false;
            }
        }
        return pattern.substring(inPattern).chars().allMatch(rest -> rest == '*');
    }

    private static boolean covers(char expected, char actual) {
        return expected == '?' || expected == actual;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
