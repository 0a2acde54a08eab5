package io.varve.retention;

/** The level that a value of a policy comes from. */
public enum Origin {
    /** The policy says it. */
    POLICY("policy"),
    /** The defaults of the configuration file say it. */
    DEFAULTS("defaults"),
    /** Nobody does; it is what Varve does then. */
    BUILT_IN("built-in");

    private final String spelling;

    Origin(String spelling) {
        this.spelling = spelling;
    }

    /** As it is written in documents. */
    public String spelling() {
        return spelling;
    }
}
