package io.varve.archive;

import io.varve.linux.Kernel;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes archives by hand, honest or not; names are taken as they are. */
final class TarMaker {
    static final String RAW = Archives.SNAPSHOT;
    static final String TREE = RAW + "-volume/";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "ISO-8859-1");

    TarMaker() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    }

    /** The beginning that every honest archive has. */
    static TarMaker begun() {
        return new TarMaker().file(RAW + "-driver", "btrfs").directory(TREE);
    }

    TarMaker file(String name, String content) {
        return member(name, TarConstants.LF_NORMAL, content, entry -> {});
    }

    TarMaker directory(String name) {
        return member(name, TarConstants.LF_DIR, "", entry -> entry.setMode(0755));
    }

    TarMaker symlink(String name, String text) {
        return member(name, TarConstants.LF_SYMLINK, "", entry -> entry.setLinkName(text));
    }

    TarMaker link(String name, String target) {
        return member(name, TarConstants.LF_LINK, "", entry -> entry.setLinkName(target));
    }

    TarMaker member(String name, byte flag, String content, Consumer<TarArchiveEntry> change) {
        byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
        TarArchiveEntry entry = new TarArchiveEntry(name, flag, true);
        entry.setModTime(1_600_000_000_000L);
        entry.setUserId(Kernel.effectiveUser());
        entry.setGroupId(Kernel.effectiveGroup());
        entry.setSize(data.length);
        change.accept(entry);
        try {
            tar.putArchiveEntry(entry);
            tar.write(data);
            tar.closeArchiveEntry();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return this;
    }

    /** Records of an extended header for the member that comes next, each {@code keyword=value}, in Latin-1. */
    TarMaker extended(String... records) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        for (String record : records) {
            int equals = record.indexOf('=');
            byte[] value = record.substring(equals + 1).getBytes(StandardCharsets.ISO_8859_1);
            PaxRecords.append(header, record.substring(0, equals), value);
        }
        return extendedBy(header.toString(StandardCharsets.ISO_8859_1));
    }

    /** An extended header with these very bytes. */
    TarMaker extendedBy(String content) {
        return member("PaxHeaders/x", TarConstants.LF_PAX_EXTENDED_HEADER_LC, content, entry -> {});
    }

    /** A global header, which concerns all members after it. */
    TarMaker global(String keyword, String value) {
        TarArchiveEntry entry = new TarArchiveEntry("global", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER);
        entry.addPaxHeader(keyword, value);
        try {
            tar.putArchiveEntry(entry);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return this;
    }

    byte[] bytes() {
        try {
            tar.finish();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
