package io.varve.appliance.blackbox;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What is wrong is refused with the code of the contract, and nothing has changed then. */
@RequiresBtrfs
class BadInputIT {
    @RegisterExtension
    static final Stage stage = new Stage(512);

    private static final String STORES = "/api/v1/stores";
    private static final String VOLUMES = STORES + "/default/volumes";
    private static final String SNAPSHOTS = VOLUMES + "/v/snapshots";
    private static final String POLICIES = "/api/v1/policies";

    private String before = "";
    private int logged;

    @BeforeAll
    static void fill() throws IOException {
        Path image = stage.image().path();
        Files.createFile(image.resolve("file"));
        Files.createDirectories(image.resolve("foreign/.rsync"));
        Files.writeString(image.resolve("foreign/.rsync/.initialized"), "{\"format\":1,\"driver\":\"rsync\"}\n");
        Files.createSymbolicLink(image.resolve("link"), stage.root());
    }

    /** Makes again what an earlier test may have lost. */
    @BeforeEach
    void look() {
        stage.api().post(VOLUMES, "{'name':'v'}");
        stage.api().post(SNAPSHOTS, "{'label':'s','tags':['t']}");
        stage.api().put(POLICIES + "/p", "{'match':{'stores':['*'],'volumes':['none']},'keep':{'last':1}}");
        before = picture();
        logged = stage.appliance().log().length();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(picture()).isEqualTo(before);
        assertThat(stage.appliance().log().substring(logged)).doesNotContain("unexpected failure");
    }

    private static String picture() {
        StringBuilder picture = new StringBuilder();
        for (String list : List.of(STORES, VOLUMES, SNAPSHOTS, SNAPSHOTS + "/s/metadata", POLICIES)) {
            picture.append(stage.api().get(list).expect(200).text()).append('\n');
        }
        return picture.append(Roots.everything(stage.image().path()))
                .append(Roots.everything(stage.appliance().state()))
                .toString();
    }

    /** One request that is refused. */
    record Row(String method, String path, String body, int status, String code) {
        void check() {
            byte[] bytes =
                    Api.json(body.replace("$", stage.image().path().toString())).getBytes(StandardCharsets.UTF_8);
            stage.api().send(method, path, bytes).refused(status, code);
        }

        @Override
        public String toString() {
            String shown = body.length() > 60 ? body.substring(0, 60) + "..." : body;
            return method + " " + path + " " + shown.replaceAll("\\p{C}", "?") + " -> " + status + " " + code;
        }
    }

    private static Row get(String path, int status, String code) {
        return new Row("GET", path, "", status, code);
    }

    private static Row delete(String path, int status, String code) {
        return new Row("DELETE", path, "", status, code);
    }

    private static Row put(String path, String body, int status, String code) {
        return new Row("PUT", path, body, status, code);
    }

    private static Row post(String path, String body, int status, String code) {
        return new Row("POST", path, body, status, code);
    }

    static List<String> illegalNames() {
        return List.of(
                " ",
                "/",
                "a/b",
                "..",
                "a..b",
                "../x",
                " lead",
                "trail ",
                "tab\t",
                "line\nbreak",
                "\u0001",
                "\u007f",
                "\u202eright",
                "zero\u200bwidth",
                "line\u2028",
                "x".repeat(129),
                "\u00e9".repeat(65));
    }

    private static String quoted(String name) {
        return "'" + name.replace("\t", "\\t").replace("\n", "\\n").replace("\u0001", "\\u0001") + "'";
    }

    @ParameterizedTest
    @MethodSource("illegalNames")
    void anIllegalNameIsRefusedWhereverItStands(String name) {
        String json = quoted(name);
        post(VOLUMES, "{'name':" + json + "}", 400, "NAME_INVALID").check();
        post(SNAPSHOTS, "{'label':" + json + "}", 400, "NAME_INVALID").check();
        post(SNAPSHOTS, "{'label':'fine','tags':['good'," + json + "]}", 400, "NAME_INVALID")
                .check();
        post(STORES, "{'name':" + json + ",'root':'$/new'}", 400, "NAME_INVALID")
                .check();
        if (!name.equals("..")) {
            checkPaths(Api.segment(name));
        }
    }

    /** A path with a part {@code ..} is another path (RFC 3986, 5.2.4), so that name cannot arrive. */
    private static void checkPaths(String segment) {
        put(SNAPSHOTS + "/s/tags/" + segment, "", 400, "NAME_INVALID").check();
        put(SNAPSHOTS + "/s/holds/" + segment, "{'reason':'x'}", 400, "NAME_INVALID")
                .check();
        get(VOLUMES + "/" + segment, 400, "NAME_INVALID").check();
        get(SNAPSHOTS + "/" + segment, 400, "NAME_INVALID").check();
        post(VOLUMES + "/" + segment + "/archives/x", "no archive", 400, "NAME_INVALID")
                .check();
        put(POLICIES + "/" + segment, "{'match':{'stores':['*'],'volumes':['x']}}", 400, "REQUEST_INVALID")
                .check();
    }

    static Stream<Row> names() {
        return Stream.of(
                post(VOLUMES, "{'name':''}", 400, "NAME_INVALID"),
                post(VOLUMES, "{'name':'.hidden'}", 400, "NAME_INVALID"),
                post(VOLUMES, "{'name':'\\ud800'}", 400, "NAME_INVALID"),
                post(VOLUMES, "{'name':'\\u0000'}", 400, "NAME_INVALID"),
                post(SNAPSHOTS, "{'label':''}", 400, "NAME_INVALID"),
                post(SNAPSHOTS, "{'label':'.hidden'}", 400, "NAME_INVALID"),
                post(SNAPSHOTS, "{'tags':['']}", 400, "NAME_INVALID"),
                get(VOLUMES + "/%00", 400, "NAME_INVALID"),
                get(VOLUMES + "/%ff", 400, "NAME_INVALID"),
                get(SNAPSHOTS + "?tag=a%2Fb", 400, "NAME_INVALID"),
                post(VOLUMES + "/v/archives/.x", "no archive", 400, "NAME_INVALID"));
    }

    static Stream<Row> duplicates() {
        return Stream.of(
                post(VOLUMES, "{'name':'v'}", 409, "VOLUME_EXISTS"),
                post(SNAPSHOTS, "{'label':'s'}", 409, "SNAPSHOT_EXISTS"),
                post(SNAPSHOTS, "{'label':'v_s'}", 409, "SNAPSHOT_EXISTS"),
                post(SNAPSHOTS, "{'label':'n','tags':['t']}", 409, "TAG_EXISTS"),
                post(SNAPSHOTS, "{'label':'n','tags':['x','x']}", 409, "TAG_EXISTS"),
                put(SNAPSHOTS + "/s/tags/t", "", 409, "TAG_EXISTS"),
                post(VOLUMES + "/v/archives/s", "anything", 409, "SNAPSHOT_EXISTS"));
    }

    static Stream<Row> unknownThings() {
        return Stream.of(
                get(STORES + "/none", 404, "STORE_NOT_FOUND"),
                get(STORES + "/none/status", 404, "STORE_NOT_FOUND"),
                post(STORES + "/none/volumes", "{'name':'x'}", 404, "STORE_NOT_FOUND"),
                get(VOLUMES + "/none", 404, "VOLUME_NOT_FOUND"),
                get(VOLUMES + "/none/snapshots", 404, "VOLUME_NOT_FOUND"),
                post(VOLUMES + "/none/snapshots", "{}", 404, "VOLUME_NOT_FOUND"),
                post(VOLUMES + "/none/release", "", 404, "VOLUME_NOT_FOUND"),
                delete(VOLUMES + "/none?dryRun=true", 404, "VOLUME_NOT_FOUND"),
                get(SNAPSHOTS + "/none", 404, "SNAPSHOT_NOT_FOUND"),
                delete(SNAPSHOTS + "/none", 404, "SNAPSHOT_NOT_FOUND"),
                post(SNAPSHOTS + "/none/rollback", "{}", 404, "SNAPSHOT_NOT_FOUND"),
                get(SNAPSHOTS + "/none/archive", 404, "SNAPSHOT_NOT_FOUND"),
                put(SNAPSHOTS + "/none/tags/x", "", 404, "SNAPSHOT_NOT_FOUND"),
                put(SNAPSHOTS + "/none/holds/x", "{'reason':'x'}", 404, "SNAPSHOT_NOT_FOUND"),
                put(SNAPSHOTS + "/none/metadata/x", "x", 404, "SNAPSHOT_NOT_FOUND"),
                get(SNAPSHOTS + "/s/metadata/none", 404, "METADATA_NOT_FOUND"),
                delete(SNAPSHOTS + "/s/holds/nobody", 404, "NOT_FOUND"),
                get(VOLUMES + "/v/tags/none", 404, "TAG_NOT_FOUND"),
                delete(VOLUMES + "/v/tags/none", 404, "TAG_NOT_FOUND"),
                get(POLICIES + "/none", 404, "POLICY_NOT_FOUND"),
                post(POLICIES + "/none/run", "", 404, "POLICY_NOT_FOUND"),
                post(POLICIES + "/none/preview", "", 404, "POLICY_NOT_FOUND"),
                get("/api/v1/operations/none", 404, "NOT_FOUND"));
    }

    static Stream<Row> bodies() {
        return Stream.of(
                        VOLUMES,
                        SNAPSHOTS,
                        STORES,
                        SNAPSHOTS + "/s/rollback",
                        VOLUMES + "/v/resize",
                        POLICIES + "/p/run")
                .flatMap(path -> Stream.of(
                                "{",
                                "{'name':",
                                "[]",
                                "'text'",
                                "5",
                                "{} {}",
                                "{'x':1,'x':2}",
                                "{'nonsense':true}",
                                "{'a':NaN}",
                                "[".repeat(100_000),
                                "{'a':" + "[".repeat(5000))
                        .map(body -> post(path, body, 400, "REQUEST_INVALID")));
    }

    static Stream<Row> types() {
        return Stream.of(
                post(VOLUMES, "{}", 400, "REQUEST_INVALID"),
                post(VOLUMES, "{'name':5}", 400, "REQUEST_INVALID"),
                post(VOLUMES, "{'name':null}", 400, "REQUEST_INVALID"),
                post(VOLUMES, "{'name':['x']}", 400, "REQUEST_INVALID"),
                post(VOLUMES, "{'name':'x','size':-1}", 400, "REQUEST_INVALID"),
                post(VOLUMES, "{'name':'x','size':'much'}", 400, "REQUEST_INVALID"),
                post(VOLUMES, "{'name':'x','size':1e400}", 400, "REQUEST_INVALID"),
                post(VOLUMES, "{'name':'x','size':'99999999 PiB'}", 400, "REQUEST_INVALID"),
                post(SNAPSHOTS, "{'label':true}", 400, "REQUEST_INVALID"),
                post(SNAPSHOTS, "{'message':{}}", 400, "REQUEST_INVALID"),
                post(SNAPSHOTS, "{'tags':'x'}", 400, "REQUEST_INVALID"),
                post(SNAPSHOTS, "{'tags':[1]}", 400, "REQUEST_INVALID"),
                post(SNAPSHOTS + "/s/rollback", "{'force':'yes'}", 400, "REQUEST_INVALID"),
                post(SNAPSHOTS + "/s/rollback", "{'dryRun':1}", 400, "REQUEST_INVALID"),
                post(SNAPSHOTS + "/s/rollback", "{'plan':5}", 400, "REQUEST_INVALID"),
                put(SNAPSHOTS + "/s/holds/me", "{'reason':5}", 400, "REQUEST_INVALID"),
                put(SNAPSHOTS + "/s/holds/me", "{'expires':'tomorrow'}", 400, "REQUEST_INVALID"),
                get(SNAPSHOTS + "?limit=0", 400, "REQUEST_INVALID"),
                get(SNAPSHOTS + "?limit=-1", 400, "REQUEST_INVALID"),
                get(SNAPSHOTS + "?limit=many", 400, "REQUEST_INVALID"),
                get(SNAPSHOTS + "?page=garbage", 400, "REQUEST_INVALID"),
                get(SNAPSHOTS + "?kind=manual", 400, "REQUEST_INVALID"),
                get("/api/v1/events?since=yesterday", 400, "REQUEST_INVALID"));
    }

    /** A preview that is misspelt must not become the real thing. */
    static Stream<Row> misspeltPreviews() {
        return Stream.of("maybe", "1", "yes", "", "TRUE ").flatMap(text -> Stream.of(SNAPSHOTS + "/s", VOLUMES + "/v")
                .map(path -> delete(path + "?dryRun=" + Api.segment(text), 400, "REQUEST_INVALID")));
    }

    static Stream<Row> roots() {
        return Stream.of(
                post(STORES, "{'name':'x'}", 400, "REQUEST_INVALID"),
                post(STORES, "{'name':'x','root':7}", 400, "REQUEST_INVALID"),
                post(STORES, "{'name':'x','root':''}", 400, "PATH_NOT_ABSOLUTE"),
                post(STORES, "{'name':'x','root':'relative/path'}", 400, "PATH_NOT_ABSOLUTE"),
                post(STORES, "{'name':'x','root':'$/nul\\u0000'}", 400, "REQUEST_INVALID"),
                post(STORES, "{'name':'x','root':'$/half\\ud800'}", 400, "REQUEST_INVALID"),
                post(STORES, "{'name':'x','driver':'zfs','root':'$/new'}", 422, "DRIVER_UNKNOWN"),
                post(STORES, "{'name':'x','driver':'../x','root':'$/new'}", 422, "DRIVER_UNKNOWN"),
                post(
                        STORES,
                        "{'name':'x','driver':'btrfs','root':'$/new','options':{'no.such':'1'}}",
                        422,
                        "OPTION_INVALID"),
                post(STORES, "{'name':'x','driver':'btrfs','root':'$/new','options':[]}", 400, "REQUEST_INVALID"),
                post(
                        STORES,
                        "{'name':'x','driver':'btrfs','root':'/dev/shm/varve-it-never'}",
                        422,
                        "FILESYSTEM_UNSUITABLE"),
                post(STORES, "{'name':'x','driver':'devicemapper','root':'$/new'}", 422, "DRIVER_UNAVAILABLE"),
                post(STORES, "{'name':'x','root':'$/store'}", 409, "PATH_IS_STORE"),
                post(STORES, "{'name':'x','root':'$/link'}", 409, "PATH_IS_STORE"),
                post(STORES, "{'name':'x','root':'$/store/v'}", 409, "PATH_IS_STORE"),
                post(STORES, "{'name':'x','root':'$/store/.btrfs/driver'}", 409, "PATH_IS_STORE"),
                post(STORES, "{'name':'x','root':'$/foreign/inside'}", 409, "PATH_IS_STORE"),
                post(STORES, "{'name':'x','root':'$'}", 409, "PATH_IS_STORE"),
                post(STORES, "{'name':'x','driver':'btrfs','root':'$/foreign'}", 409, "STORE_OTHER_DRIVER"),
                post(STORES, "{'name':'x','driver':'btrfs','root':'$/file'}", 409, "NOT_A_DIRECTORY"),
                post(STORES, "{'name':'x','driver':'btrfs','root':'$/file/below'}", 409, "NOT_A_DIRECTORY"),
                post(STORES, "{'name':'default','driver':'btrfs','root':'$/new'}", 409, "STORE_EXISTS"));
    }

    static Stream<Row> policies() {
        String match = "'match':{'stores':['*'],'volumes':['x']}";
        return Stream.of(
                        "{" + match + ",'keeep':{}}",
                        "{" + match + ",'keep':{'fortnightly':1}}",
                        "{" + match + ",'keep':{'last':'three'}}",
                        "{" + match + ",'keep':{'last':-2}}",
                        "{" + match + ",'keep':{'within':'soon'}}",
                        "{" + match + ",'schedule':{'cron':'nonsense'}}",
                        "{" + match + ",'schedule':{'cron':'0 0 * * * ?','every':'1h'}}",
                        "{" + match + ",'schedule':{'every':'1h','zone':'Mars/Olympus'}}",
                        "{" + match + ",'representative':'nicest'}",
                        "{" + match + ",'brake':{'maxRemovePercent':101}}",
                        "{" + match + ",'name':'another'}",
                        "{'match':{'stores':[],'volumes':['x']}}",
                        "{'keep':{'last':1}}",
                        "[]",
                        "{")
                .map(body -> put(POLICIES + "/new", body, 400, "REQUEST_INVALID"));
    }

    static Stream<Row> exports() {
        String exports = STORES + "/default/exports";
        return Stream.of(
                post(exports, "{}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':[]}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':'host'}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':['a b']}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':['host(rw,no_root_squash)']}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':['host\\n/ *(rw)']}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':['10.0.0.0/129']}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':['-o']}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':['host'],'readOnly':'yes'}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':['host'],'sync':true}", 400, "REQUEST_INVALID"),
                post(exports, "{'clients':['host'],'volume':'absent'}", 404, "VOLUME_NOT_FOUND"),
                post(exports, "{'clients':['host'],'volume':'../v'}", 400, "NAME_INVALID"),
                post(STORES + "/absent/exports", "{'clients':['host']}", 404, "STORE_NOT_FOUND"),
                get(STORES + "/absent/exports", 404, "STORE_NOT_FOUND"),
                get(exports + "/absent", 404, "NOT_FOUND"),
                delete(STORES + "/absent/exports/x", 404, "STORE_NOT_FOUND"));
    }

    static Stream<Row> computations() {
        String policy = "'policy':{'keep':{'last':1}}";
        String now = "'now':'2026-03-05T12:00:00Z'";
        return Stream.of(
                post("/api/v1/retention/plan", "{}", 400, "REQUEST_INVALID"),
                post("/api/v1/retention/plan", "{" + policy + ",'snapshots':[]}", 400, "REQUEST_INVALID"),
                post("/api/v1/retention/plan", "{" + policy + "," + now + ",'snapshots':{}}", 400, "REQUEST_INVALID"),
                post("/api/v1/retention/plan", "{" + policy + "," + now + ",'snapshots':[5]}", 400, "REQUEST_INVALID"),
                post(
                        "/api/v1/retention/plan",
                        "{" + policy + "," + now + ",'snapshots':[{'label':'a','created':'then'}]}",
                        400,
                        "REQUEST_INVALID"),
                post(
                        "/api/v1/retention/plan",
                        "{" + policy + "," + now + ",'snapshots':[{'label':'a/b','created':'2026-03-05T12:00:00Z'}]}",
                        400,
                        "NAME_INVALID"),
                post("/api/v1/retention/plan", "{'policy':'none'," + now + ",'snapshots':[]}", 404, "POLICY_NOT_FOUND"),
                post(POLICIES + "/p/preview", "{'now':'noon'}", 400, "REQUEST_INVALID"));
    }

    @ParameterizedTest
    @MethodSource({
        "names",
        "duplicates",
        "unknownThings",
        "bodies",
        "types",
        "misspeltPreviews",
        "roots",
        "policies",
        "exports",
        "computations"
    })
    void itIsRefusedAsTheContractSays(Row row) {
        row.check();
    }

    @Test
    void aBodyOfTwentyMegabytesIsRefused() {
        byte[] body = new byte[20 << 20];
        Arrays.fill(body, (byte) ' ');
        stage.api().send("POST", VOLUMES, body).refused(400, "REQUEST_INVALID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "gzip, gzip", "nonsense"})
    void anUnknownCodingIsRefused(String coding) {
        stage.api()
                .send("POST", VOLUMES + "/new/archives/x", new byte[100], "Content-Encoding", coding)
                .refused(400, "REQUEST_INVALID");
        stage.api()
                .send("POST", VOLUMES + "/new/archives/x", new byte[100], "Content-Encoding", "gzip")
                .refused(422, "ARCHIVE_INVALID");
        stage.api()
                .send("POST", VOLUMES + "/new/archives/x", new byte[100], "Content-Encoding", "zstd")
                .refused(422, "ARCHIVE_INVALID");
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        stage.api()
                .send("POST", VOLUMES, new byte[] {'{', '"', 'n', 'a', 'm', 'e', '"', ':', '"', (byte) 0xff, '"', '}'})
                .refused(400, "REQUEST_INVALID");
    }
}
