package io.varve.archive;

import io.varve.spi.DriverType;

/**
 * What an archive says of itself before its body begins.
 *
 * @param name the full name the snapshot had where it was exported; an import may give it any other
 * @param driver the storage technology it came from; any other can take it
 * @param deviceBytes the size of the volume's device there, 0 where it had none
 */
public record ArchiveHead(String name, DriverType driver, long deviceBytes) {}
