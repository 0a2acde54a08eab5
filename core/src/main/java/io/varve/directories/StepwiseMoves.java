package io.varve.directories;

import io.varve.linux.Kernel;
import io.varve.linux.Trash;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The same where the filesystem cannot exchange two directories in one step, as NFS cannot (nfs_rename() of Linux takes
 * no flags): one makes room for the other, so that for the time of a rename there is nothing at a head's name. What is
 * cut off in between is known by the directory that made room.
 */
public class StepwiseMoves extends TreeMoves {
    private static final String MADE_ROOM = "old";

    public StepwiseMoves(Trash trash) {
        super(trash);
    }

    @Override
    public void exchange(Path one, Path other) throws IOException {
        Path aside = aside(one);
        move(other, aside);
        move(one, other);
        move(aside, one);
    }

    @Override
    public void settleExchange(Path one, Path other) throws IOException {
        Path aside = aside(one);
        if (Kernel.exists(aside)) {
            move(aside, Kernel.exists(other) ? one : other);
        }
    }

    private static Path aside(Path one) {
        return one.resolveSibling(one.getFileName() + "." + MADE_ROOM);
    }
}
