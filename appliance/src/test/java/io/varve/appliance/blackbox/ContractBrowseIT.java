package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** Looking into snapshots and comparing them, as the outer contract has it. */
@RequiresBtrfs
class ContractBrowseIT {
    @RegisterExtension
    static final Stage stage = new Stage(512);

    private static final String VOLUME = "/api/v1/stores/default/volumes/v";

    @BeforeAll
    static void fill() {
        stage.volume("v");
        Programs.bash(
                stage.root().resolve("v"),
                "mkdir d; printf 0123456789 > d/digits; echo gone > gone; echo old > changed; echo same > same; ln -s d l;"
                        + " echo kind > kind; touch d/mode");
        stage.snapshot(VOLUME, "one");
        Programs.bash(
                stage.root().resolve("v"),
                "rm gone; echo newer > changed; echo new > added; rm kind; mkdir kind; chmod 600 d/mode");
        stage.snapshot(VOLUME, "two");
    }

    @Test
    void aDirectoryOfASnapshotIsListed() {
        Reply root = stage.api().get(VOLUME + "/snapshots/one/files").expect(200);
        assertThat(root.items("name")).containsExactly("changed", "d", "gone", "kind", "l", "same");
        Reply directory =
                stage.api().get(VOLUME + "/snapshots/one/files?path=d").expect(200);
        assertThat(directory.items("name")).containsExactly("digits", "mode");
        assertThat(directory.json().path("items").path(0).path("size").asLong()).isEqualTo(10);
        assertThat(stage.api().get(VOLUME + "/snapshots/one/files?limit=2").items("name"))
                .containsExactly("changed", "d");
    }

    @Test
    void aFileOfASnapshotIsReadWholeAndInRanges() {
        String content = VOLUME + "/snapshots/one/content?path=d%2Fdigits";
        assertThat(stage.api().get(content).expect(200).text()).isEqualTo("0123456789");
        Reply part = stage.api().get(content, "Range", "bytes=2-4").expect(206);
        assertThat(part.text()).isEqualTo("234");
        assertThat(part.header("content-range")).isEqualTo("bytes 2-4/10");
        assertThat(stage.api().get(content, "Range", "bytes=-3").expect(206).text())
                .isEqualTo("789");
        stage.api().get(content, "Range", "bytes=10-").expect(416);
        assertThat(stage.api()
                        .get(VOLUME + "/snapshots/one/content?path=gone")
                        .expect(200)
                        .text())
                .isEqualTo("gone\n");
    }

    @Test
    void nothingOutsideTheSnapshotCanBeLookedAt() {
        for (String path : new String[] {"..", "d%2F..%2F..", "%2Fetc%2Fpasswd", "l%2Fdigits", "%2e%2e%2f%2e%2e"}) {
            for (String call : new String[] {"files", "content"}) {
                Reply reply = stage.api().get(VOLUME + "/snapshots/one/" + call + "?path=" + path);
                assertThat(reply.status()).as(call + " " + path).isBetween(400, 499);
                assertThat(reply.code()).as(call + " " + path).isNotEmpty();
            }
        }
        stage.api().get(VOLUME + "/snapshots/one/content?path=none").refused(404, "NOT_FOUND");
        stage.api().get(VOLUME + "/snapshots/none/files").refused(404, "SNAPSHOT_NOT_FOUND");
    }

    /** PATH_MAX is 4,096 bytes with the closing zero (limits.h), and every byte may come as three characters. */
    @Test
    void aPathAsLongAsTheKernelAllowsCanBeAskedFor() {
        String name = "\u00fc".repeat(127);
        String volume = stage.volume("long");
        Programs.bash(
                stage.root().resolve("long"),
                "name=" + name + "; for i in {1..15}; do mkdir $name; cd $name; done; printf deep > $name");
        String snapshot = stage.snapshot(volume, "x".repeat(128));
        String directory = String.join("%2F", Collections.nCopies(15, Api.segment(name)));
        Reply listed = stage.api().get(snapshot + "/files?path=" + directory).expect(200);
        assertThat(listed.items("name")).containsExactly(name);
        String file = directory + "%2F" + Api.segment(name);
        assertThat(stage.api()
                        .get(snapshot + "/content?path=" + file)
                        .expect(200)
                        .text())
                .isEqualTo("deep");
        stage.api()
                .get(snapshot + "/content?path=" + directory + "%2F" + "x".repeat(271))
                .refused(404, "NOT_FOUND");
        stage.api().get(snapshot + "/content?path=" + "a".repeat(20_000)).expect(414);
    }

    private static Map<String, String> changes(String query) {
        Map<String, String> changes = new TreeMap<>();
        for (JsonNode item : stage.api()
                .get(VOLUME + "/snapshots/one/diff" + query)
                .expect(200)
                .json()
                .path("items")) {
            changes.put(item.path("path").asText(), item.path("change").asText());
        }
        return changes;
    }

    @Test
    void whatChangedBetweenTwoSnapshotsIsListed() {
        Map<String, String> changes = changes("?to=two");
        assertThat(changes)
                .containsEntry("gone", "REMOVED")
                .containsEntry("added", "ADDED")
                .containsEntry("changed", "MODIFIED")
                .containsEntry("kind", "TYPE")
                .containsEntry("d/mode", "META")
                .doesNotContainKeys("same", "d/digits", "l");
        assertThat(changes("?to=one")).isEmpty();
        assertThat(changes("?to=v_two")).isEqualTo(changes);
    }

    @Test
    void whatChangedSinceASnapshotIsListed() {
        Programs.bash(stage.root().resolve("v"), "echo live > live");
        assertThat(changes("")).containsEntry("live", "ADDED").containsEntry("gone", "REMOVED");
        stage.api().get(VOLUME + "/snapshots/one/diff?to=none").refused(404, "SNAPSHOT_NOT_FOUND");
    }
}
