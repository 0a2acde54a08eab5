package io.varve.archive;

/**
 * What an archive may ask of us before it is refused with {@code ARCHIVE_INVALID}.
 *
 * @param members members of all groups
 * @param bytes of the whole stream
 * @param pathBytes of one path inside the volume
 * @param depth directories above an entry; every level costs the tree's remover an open file
 * @param metadataBytes of all named metadata together, with 512 more for each of them
 */
public record ArchiveLimits(long members, long bytes, int pathBytes, int depth, long metadataBytes) {
    /** Bounds that no honest archive meets. */
    public static ArchiveLimits generous() {
        return new ArchiveLimits(1_000_000_000L, 1L << 60, 64 * 1024, 2000, 1L << 30);
    }
}
