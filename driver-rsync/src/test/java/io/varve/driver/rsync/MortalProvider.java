package io.varve.driver.rsync;

import io.varve.conformance.MortalDirectories;
import io.varve.directories.DirectorySettings;
import io.varve.directories.TreeMoves;
import io.varve.linux.Trash;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The rsync driver that dies when it is told to. */
public final class MortalProvider extends MortalDirectories {
    public MortalProvider() {
        super(new RsyncDriverProvider());
    }

    @Override
    protected DirectorySettings settings(StoreLayout layout, Map<String, String> options) {
        return RsyncDriverProvider.settings(options);
    }

    @Override
    protected TreeMoves moves(Trash trash) {
        return new Stepping(trash);
    }

    private final class Stepping extends TreeMoves {
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
        public void exchange(Path one, Path other) throws IOException {
            step();
            super.exchange(one, other);
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
