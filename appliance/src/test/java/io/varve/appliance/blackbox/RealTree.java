package io.varve.appliance.blackbox;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;

/** A tree as real volumes have them: tens of thousands of files, and everything that copies get wrong. */
final class RealTree {
    private static final int PER_DIRECTORY = 100;

    private final Path root;
    private final Random random = new Random(7);

    RealTree(Path root) {
        this.root = root;
    }

    /** Makes as many plain files, and a few hundred special ones beside them. */
    void fill(int files) throws IOException {
        for (int number = 0; number < files; number++) {
            Path directory = directory(number);
            if (number % PER_DIRECTORY == 0) {
                Files.createDirectories(directory);
            }
            write(directory.resolve("file-" + number), random.nextInt(2000));
        }
        for (int number = 0; number < files; number += PER_DIRECTORY) {
            Path file = directory(number).resolve("file-" + number);
            Files.createLink(root.resolve("link-" + number), file);
            Files.createSymbolicLink(directory(number).resolve("symlink"), Path.of("file-" + number));
            Files.setAttribute(file, "user:purpose", new byte[] {1, 0, 2, (byte) 0xff});
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(number, 123_456_789)));
        }
        special();
    }

    private Path directory(int number) {
        int group = number / PER_DIRECTORY;
        return root.resolve("d" + group % 20).resolve("e" + group);
    }

    private void write(Path file, int length) throws IOException {
        byte[] content = new byte[length];
        random.nextBytes(content);
        Files.write(file, content);
    }

    private void special() throws IOException {
        try (RandomAccessFile sparse =
                new RandomAccessFile(root.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(64L << 20);
            sparse.seek(30 << 20);
            sparse.writeBytes("an island");
        }
        Programs.bash(root, """
                touch $'new\\nline' $'not-utf8-\\xff\\xfe' ' blanks ' -- '-dash' '*' 'quote"s' $'tab\\t' 'ü'
                mkdir -p deep/$(printf 'x/%.0s' $(seq 200))
                ln -s /nowhere/at/all dangling; ln -s . self
                mkfifo pipe; mknod device c 1 3; mknod block b 7 99
                touch suid sgid owned; chmod 4755 suid; chmod 2755 sgid; chown 12345:54321 owned; mkdir -m 1777 sticky
                setfacl -m u:12345:rw- owned; setfacl -d -m g:54321:r-x sticky
                setfattr -n trusted.secret -v value owned; setfattr -h -n trusted.on-link -v x self
                touch -h -d @987654321.5 dangling; touch -d @-5.25 suid
                """);
    }

    /** Removes, rewrites, adds and renames. */
    void change(int files) throws IOException {
        for (int number = 1; number < files; number += 50) {
            Path file = directory(number).resolve("file-" + number);
            switch (number % 3) {
                case 0 -> Files.delete(file);
                case 1 -> write(file, 500);
                default -> write(directory(number).resolve("added-" + number), 100);
            }
        }
        Files.move(root.resolve("d1"), root.resolve("renamed"));
        Programs.bash(root, "chmod 700 sticky; rm pipe; echo x > pipe; setfattr -x trusted.secret owned");
    }

    /** A sum over names, types, contents, owners, modes, times, links, attributes and ACLs, as GNU tar sees them. */
    static String fingerprint(Path tree) {
        return Programs.bash(
                tree,
                "tar --xattrs --xattrs-include='*' --acls --sort=name --format=posix"
                        + " --pax-option=exthdr.name=%d/%f,delete=atime,delete=ctime -cf - . 2>/dev/null"
                        + " | sha256sum");
    }
}
