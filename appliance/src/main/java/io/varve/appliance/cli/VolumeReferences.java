package io.varve.appliance.cli;

import picocli.CommandLine.TypeConversionException;

/** Reads volumes off the command line; one that is malformed is a misuse of it. */
final class VolumeReferences {
    private VolumeReferences() {}

    static VolumeReference convert(String text) {
        try {
            return VolumeReference.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new TypeConversionException(malformed.getMessage());
        }
    }
}
