package io.varve.catalog;

import io.varve.spi.Names;

/** A name that at most one snapshot of a volume carries; case-sensitive; bounds as for labels. */
public record Tag(String value) {
    public Tag {
        Names.check("tag", value);
    }

    public static Tag of(String value) {
        return new Tag(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
