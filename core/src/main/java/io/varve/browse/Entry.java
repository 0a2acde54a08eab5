package io.varve.browse;

import io.varve.linux.FileStat;
import io.varve.linux.RawName;

import java.util.Optional;

/**
 * One name in a directory and what it stands for.
 *
 * @param stat of the name itself; a symlink is not followed
 * @param target the text of a symlink; empty for everything else
 */
public record Entry(RawName name, FileStat stat, Optional<RawName> target) {}
