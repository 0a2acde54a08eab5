package io.varve.retention;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CandidateReaderTest {
    private static List<Candidate> read(String json) throws IOException {
        return CandidateReader.read("snapshots", new ObjectMapper().readTree(json.replace('\'', '"')), "apps");
    }

    @Test
    void whatIsNotGivenIsThatOfTheComputedPolicy() throws IOException {
        assertThat(read("[{'label':'a','created':'2026-03-01T12:00:00+02:00'}]"))
                .singleElement()
                .satisfies(read -> {
                    assertThat(read.created()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
                    assertThat(read.kind()).isEqualTo(Candidate.Kind.POLICY);
                    assertThat(read.policy()).isEqualTo(Optional.of("apps"));
                });
    }

    @Test
    void holdsAreOwnersOrWhatASnapshotShows() throws IOException {
        assertThat(read("[{'label':'a','created':'2026-03-01T12:00:00Z','kind':'MANUAL','tags':['v1'],"
                        + "'holds':['me',{'owner':'you','reason':'r'}]}]"))
                .singleElement()
                .satisfies(read -> {
                    assertThat(read.tags()).containsExactly("v1");
                    assertThat(read.holds()).containsExactly("me", "you");
                });
    }

    @Test
    void allThatIsWrongWithTheFirstBadOneIsSaidAtOnce() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> read("[{'label':'good','created':'2026-03-01T12:00:00Z'},"
                        + "{'label':'../x','created':'noon','kind':'policy','tags':[1],'holds':[{}],'lable':''}]"))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_INVALID))
                .withMessageContaining("6 faults")
                .withMessageContaining("snapshots[1].created")
                .withMessageContaining("snapshots[1].tags[0]")
                .withMessageContaining("'lable'");
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> read("{}"))
                .withMessageContaining("'snapshots' is not a list");
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> read("[{}]"))
                .withMessageContaining("label: is missing");
    }

    @Test
    void anIllegalLabelAloneIsToldByItsOwnCode() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> read("[{'label':'a/b','created':'2026-03-01T12:00:00Z'}]"))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NAME_INVALID))
                .withMessageContaining("snapshots[0].label");
    }
}
