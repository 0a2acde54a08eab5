package io.varve.spi;

/**
 * One option a driver accepts.
 *
 * @param name the key, for example {@code dm.basesize}
 * @param meaning one sentence for people
 * @param defaultValue what holds where the option is not given, for people; may be empty
 */
public record DriverOption(String name, String meaning, String defaultValue) {}
