package io.varve.archive;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;

class PaxRecordsTest {
    /** Lengths around which the record's own length gets one digit more. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 6, 93, 94, 95, 96, 991, 992, 993, 994, 9989, 9990, 9991, 70_000})
    void aRecordTellsItsOwnLength(int length) {
        byte[] value = new byte[length];
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        PaxRecords.append(header, "k", value);
        int first = header.size();
        PaxRecords.append(header, "next", new byte[] {'\n', '=', ' '});

        String text = header.toString(StandardCharsets.ISO_8859_1);
        assertThat(text).startsWith(first + " k=");
        assertThat(PaxRecords.parse(header.toByteArray()))
                .containsOnlyKeys("k", "next")
                .containsEntry("k", value)
                .containsEntry("next", new byte[] {'\n', '=', ' '});
    }
}
