package io.varve.driver.devicemapper;

import io.varve.linux.Commands;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.MountTable;
import io.varve.linux.Mounts;
import io.varve.linux.OpenFlag;
import io.varve.linux.Trees;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Disks that are files behind loop devices, and devices stacked on them whose tables a test changes. */
final class TestDisks implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Path place;
    private final Map<Path, BlockDevices.Loop> loops = new HashMap<>();
    private final Map<Path, Path> files = new HashMap<>();
    private final Deque<String> stacked = new ArrayDeque<>();

    TestDisks() {
        try {
            place = Files.createTempDirectory("varve-disks-");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A new root for a store. */
    Path root(String name) throws IOException {
        return Files.createDirectories(place.resolve("roots").resolve(name));
    }

    /** A blank disk. */
    Path disk(String name, long bytes) throws IOException {
        Path file = place.resolve(name);
        PoolGround.extend(file, bytes);
        BlockDevices.Loop loop = BlockDevices.attach(file);
        loops.put(loop.node(), loop);
        files.put(loop.node(), file);
        return loop.node();
    }

    /** Makes a disk larger. */
    void grow(Path disk, long bytes) throws IOException {
        PoolGround.extend(files.getOrDefault(disk, disk), bytes);
        Objects.requireNonNull(loops.get(disk), "no disk of this test").grown();
    }

    /** Bytes a disk takes where it lies. */
    long allocated(Path disk) throws IOException {
        String[] words = run(
                        "du", "--block-size=1", files.getOrDefault(disk, disk).toString())
                .split("\\s", 2);
        return Long.parseLong(words[0]);
    }

    /** A device over a disk, straight through. */
    Path over(Path disk, String name) throws IOException {
        return device(name, "0 " + sectors(disk) + " linear " + disk + " 0");
    }

    /** A device by its table. */
    Path device(String name, String... table) throws IOException {
        if (!stacked.contains(name)) {
            stacked.push(name);
        }
        dmsetup("create", name, "--table", String.join("\n", table));
        try (DeviceMapper mapper = DeviceMapper.open()) {
            long number = mapper.find(name).orElseThrow().number();
            return BlockDevices.node("dm-" + FileStat.minor(number), name, number);
        }
    }

    /** Gives a device another table; who uses it does not notice before it reads or writes. */
    static void change(String name, String... table) {
        dmsetup("load", name, "--table", String.join("\n", table));
        dmsetup("suspend", "--noflush", "--nolockfs", name);
        dmsetup("resume", name);
    }

    /** Nobody else makes device files here. */
    static String dmsetup(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--noudevsync", "--noudevrules"));
        all.addAll(List.of(arguments));
        return run("dmsetup", all.toArray(String[]::new));
    }

    static long sectors(Path disk) throws IOException {
        return BlockDevices.size(disk) / BlockDevices.SECTOR;
    }

    static void removeDevice(String name) {
        dmsetup("remove", "--retry", name);
    }

    static void write(Path disk, long position, String text) throws IOException {
        byte[] sector = new byte[BlockDevices.SECTOR];
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, sector, 0, bytes.length);
        try (var open = Kernel.open(disk, OpenFlag.WRITE)) {
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(sector.length).put(sector).flip();
            open.write(direct, position);
            open.sync();
        }
    }

    static String read(Path disk, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        BlockDevices.readPastCache(disk, position, length).get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.US_ASCII);
    }

    static String run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Commands.find(program)
                .orElseThrow(() -> Commands.missing(program))
                .toString());
        command.addAll(Arrays.asList(arguments));
        return Commands.run(command, DEADLINE).orThrow(program).output();
    }

    @Override
    public void close() throws IOException {
        for (MountTable.Mount mount : MountTable.read().below(place).reversed()) {
            Mounts.detach(mount.point());
        }
        for (String name : stacked) {
            if (dmsetup("ls").contains(name + "\t")) {
                removeDevice(name);
            }
        }
        loops.values().forEach(BlockDevices.Loop::close);
        Trees.remove(place);
    }
}
