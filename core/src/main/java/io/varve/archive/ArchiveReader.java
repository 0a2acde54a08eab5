package io.varve.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.linux.RawName;
import io.varve.spi.DriverType;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads an archive of ours: tells the groups of members apart and shows them to a visitor. Refuses what belongs to no
 * group, whatever leads out of its group, and an archive that lacks its driver or its tree.
 */
final class ArchiveReader {
    private static final int MAX_HEAD_BYTES = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TarReader tar;
    private final ArchiveLimits limits;
    private final Progress progress;
    private String snapshot = "";
    private Optional<DriverType> driver = Optional.empty();
    private Optional<Long> device = Optional.empty();
    private final Set<String> metadataNames = new HashSet<>();
    private boolean headShown;
    private boolean treeSeen;
    private long members;
    private long metadataBytes;

    ArchiveReader(TarReader tar, ArchiveLimits limits, Progress progress) {
        this.tar = tar;
        this.limits = limits;
        this.progress = progress;
    }

    /** Reads to the end of the stream. */
    void read(ArchiveVisitor visitor) throws IOException {
        Optional<TarMember> member = tar.next();
        while (member.isPresent()) {
            count();
            show(member.get(), visitor);
            member = tar.next();
        }
        if (members == 0) {
            throw Invalid.archive("it has no members");
        }
        if (!treeSeen) {
            throw Invalid.archive("it has no member '" + snapshot + MemberGroup.VOLUME.suffix() + "'");
        }
    }

    private void count() {
        members++;
        if (members > limits.members()) {
            throw Invalid.archive("it has more than " + limits.members() + " members");
        }
        progress.at(tar.position());
    }

    private void show(TarMember member, ArchiveVisitor visitor) throws IOException {
        MemberPath path = MemberPath.of(member.name(), member.name());
        MemberGroup group = group(member.name(), path);
        if (!group.isHead()) {
            showHead(visitor);
        }
        switch (group) {
            case DRIVER -> driver(member, path);
            case DEVICE -> device(member, path);
            case METADATA -> metadata(member, path, visitor);
            case VOLUME -> entry(member, path, visitor);
        }
    }

    private MemberGroup group(RawName name, MemberPath path) {
        if (snapshot.isEmpty()) {
            snapshot = snapshotName(path.first());
        }
        for (MemberGroup group : MemberGroup.values()) {
            if (path.first().equals(snapshot + group.suffix())) {
                return group;
            }
        }
        throw Invalid.member(name, "belongs to no part of an archive of '" + printable(snapshot) + "'");
    }

    /** The first member, the driver's or (sorted by name) the device's, tells the name all others begin with. */
    private static String snapshotName(String first) {
        for (MemberGroup group : MemberGroup.values()) {
            int length = first.length() - group.suffix().length();
            if (group.isHead() && first.endsWith(group.suffix()) && length > 0) {
                return first.substring(0, length);
            }
        }
        throw Invalid.archive("its first member is no '<snapshot>-driver': no archive of a snapshot");
    }

    private static String printable(String latin1) {
        return Printable.name(RawName.ofLatin1(latin1));
    }

    private void showHead(ArchiveVisitor visitor) throws IOException {
        if (!headShown) {
            DriverType type = driver.orElseThrow(
                    () -> Invalid.archive("it has no member '" + printable(snapshot) + "-driver' before its body"));
            headShown = true;
            visitor.head(new ArchiveHead(printable(snapshot), type, device.orElse(0L)));
        }
    }

    private void driver(TarMember member, MemberPath path) throws IOException {
        String text = headText(member, path, driver.isPresent());
        try {
            driver = Optional.of(DriverType.of(text.strip()));
        } catch (StorageException badName) {
            throw Invalid.member(member.name(), "names no driver type");
        }
    }

    private void device(TarMember member, MemberPath path) throws IOException {
        byte[] text = headText(member, path, device.isPresent()).getBytes(StandardCharsets.UTF_8);
        JsonNode size = json(member, text).path("Size");
        if (!size.canConvertToLong() || !size.isIntegralNumber() || size.longValue() < 0) {
            throw Invalid.member(member.name(), "has no number of bytes as its Size");
        }
        device = Optional.of(size.longValue());
    }

    private static JsonNode json(TarMember member, byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException malformed) {
            throw Invalid.member(member.name(), "is not JSON");
        }
    }

    private String headText(TarMember member, MemberPath path, boolean repeated) throws IOException {
        if (repeated || headShown) {
            throw Invalid.member(member.name(), "is there twice or comes after the body began");
        }
        if (member.type() != MemberType.REGULAR
                || path.depth() != 1
                || member.content().size() > MAX_HEAD_BYTES) {
            throw Invalid.member(member.name(), "is no small regular file");
        }
        return new String(new MemberStream(tar).readAllBytes(), StandardCharsets.UTF_8);
    }

    private void metadata(TarMember member, MemberPath path, ArchiveVisitor visitor) throws IOException {
        if (member.type() == MemberType.DIRECTORY) {
            return;
        }
        if (member.type() != MemberType.REGULAR
                || path.depth() < 2
                || !member.content().isDense()) {
            throw Invalid.member(member.name(), "is metadata but no plain regular file");
        }
        metadataBytes += member.content().size() + TarReader.BLOCK;
        if (metadataBytes > limits.metadataBytes()) {
            throw Invalid.member(member.name(), "makes more than " + limits.metadataBytes() + " bytes of metadata");
        }
        String name = Printable.utf8(path.inside().bytes())
                .filter(Printable::isClean)
                .orElseThrow(() -> Invalid.member(member.name(), "is metadata with a name that is not plain UTF-8"));
        if (!metadataNames.add(name)) {
            throw Invalid.member(member.name(), "is there twice");
        }
        try (InputStream content = new MemberStream(tar)) {
            visitor.metadata(name, content);
        }
    }

    private void entry(TarMember member, MemberPath path, ArchiveVisitor visitor) throws IOException {
        treeSeen = true;
        RawName inside = path.inside();
        if (inside.length() > limits.pathBytes() || path.depth() - 1 > limits.depth()) {
            throw Invalid.member(member.name(), "has a path that is too long or too deep");
        }
        if (inside.length() == 0 && member.type() != MemberType.DIRECTORY) {
            throw Invalid.member(member.name(), "is the volume's root but no directory");
        }
        RawName link = member.type() == MemberType.HARD_LINK ? linked(member) : member.link();
        visitor.entry(member.named(inside, link), tar);
    }

    /** A hard link's text is the full name of another member of the tree. */
    private RawName linked(TarMember member) {
        MemberPath path = MemberPath.of(member.link(), member.name());
        if (!path.first().equals(snapshot + MemberGroup.VOLUME.suffix()) || path.depth() < 2) {
            throw Invalid.member(member.name(), "is a hard link to something outside the volume");
        }
        return path.inside();
    }
}
