package io.varve.archive;

import io.varve.linux.RawName;
import io.varve.spi.StorageException;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Keeps in mind what an import would have on disk, and notes where it would refuse to go on. */
final class InspectingVisitor implements ArchiveVisitor {
    private static final int MAX_FINDINGS = 1000;

    private final Map<RawName, MemberType> tree = new HashMap<>();
    private final Map<String, Long> members = new HashMap<>();
    private final List<String> metadata = new ArrayList<>();
    private final List<Inspection.Finding> findings = new ArrayList<>();
    private Optional<ArchiveHead> head = Optional.empty();
    private long findingCount;
    private long dataBytes;

    @Override
    public void head(ArchiveHead shown) {
        head = Optional.of(shown);
    }

    @Override
    public void metadata(String name, InputStream content) {
        metadata.add(name);
    }

    @Override
    public void entry(TarMember member, TarReader data) {
        members.merge(member.type().name().toLowerCase(Locale.ROOT).replace('_', '-'), 1L, Long::sum);
        dataBytes += member.content().size();
        MemberType made = member.type();
        if (made == MemberType.HARD_LINK) {
            made = linked(member);
        }
        if (made == MemberType.SYMLINK && TreePath.isBadLinkText(member.link())) {
            find(member.name(), "is a symlink with an empty or too long text");
        }
        if (member.name().length() > 0 && !isDirectory(TreePath.parent(member.name()))) {
            find(member.name(), "needs a directory that does not come before it");
        }
        if (tree.putIfAbsent(member.name(), made) != null) {
            find(member.name(), "is there already: the archive names it twice");
        }
    }

    /** What a hard link repeats; where that is impossible, it counts as a file. */
    private MemberType linked(TarMember member) {
        MemberType target = tree.get(member.link());
        if (target == null) {
            find(member.name(), "is a hard link to something that does not come before it");
            return MemberType.REGULAR;
        }
        if (target == MemberType.SYMLINK || target == MemberType.DIRECTORY) {
            find(member.name(), "is a hard link to a symlink or directory");
            return MemberType.REGULAR;
        }
        return target;
    }

    private boolean isDirectory(RawName path) {
        return path.length() == 0 || tree.get(path) == MemberType.DIRECTORY;
    }

    private void find(RawName member, String text) {
        find(Printable.name(member), text);
    }

    private void find(String member, String text) {
        findingCount++;
        if (findings.size() < MAX_FINDINGS) {
            findings.add(new Inspection.Finding(member, text));
        }
    }

    /** Why the archive cannot be read on. */
    void refused(StorageException refusal) {
        find(refusal.details().getOrDefault("member", ""), String.valueOf(refusal.getMessage()));
    }

    Inspection result(long bytes, Warnings warnings) {
        return new Inspection(
                head.map(ArchiveHead::name).orElse(""),
                head.map(known -> known.driver().value()).orElse(""),
                head.map(ArchiveHead::deviceBytes).orElse(0L),
                metadata,
                members,
                dataBytes,
                bytes,
                findingCount,
                findings,
                warnings.texts());
    }
}
