package io.varve.driver.nfs;

import io.varve.conformance.MortalDirectories;
import io.varve.directories.DirectorySettings;
import io.varve.directories.StepwiseMoves;
import io.varve.directories.TreeMoves;
import io.varve.linux.Trash;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The nfs driver that dies when it is told to, also between the steps of an exchange. */
public final class MortalProvider extends MortalDirectories {
    public MortalProvider() {
        super(new NfsDriverProvider());
    }

    @Override
    protected DirectorySettings settings(StoreLayout layout, Map<String, String> options) {
        return NfsDriverProvider.settings(layout);
    }

    @Override
    protected TreeMoves moves(Trash trash) {
        return new Stepping(trash);
    }

    private final class Stepping extends StepwiseMoves {
        Stepping(Trash trash) {
            super(trash);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            step();
            super.move(from, to);
            step();
        }

        @Override
        public void discard(Path tree) throws IOException {
            step();
            super.discard(tree);
            step();
        }

        @Override
        public void sync(Path directory) throws IOException {
            step();
            super.sync(directory);
            step();
        }
    }
}
