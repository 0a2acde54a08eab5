package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** What goes wrong is said on standard error, with its code and the right exit status. */
final class ProblemsTest {
    private static final String NOT_FOUND = """
            {"type":"about:blank","title":"Not Found","status":404,"detail":"there is no volume app in store default",\
            "code":"VOLUME_NOT_FOUND","instance":"/x","store":"default","volume":"app"}""";

    @TempDir
    Path directory;

    private Path socket;
    private TestAppliance appliance;
    private Varve varve;

    @BeforeEach
    void start() throws IOException {
        socket = directory.resolve("varve.sock");
        appliance = TestAppliance.onUnixSocket(socket);
        varve = Varve.at(socket);
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
    }

    @Test
    void aRefusalIsASentenceWithItsCodeAndTheNames() {
        appliance.answers(Reply.problem(404, NOT_FOUND));

        assertThat(varve.call("volume", "show", "app")).isEqualTo(new Outcome(1, "", """
                                varve: there is no volume app in store default [VOLUME_NOT_FOUND]
                                  store: default, volume: app
                                """));
    }

    @Test
    void withJsonARefusalIsTheProblemDocument() {
        appliance.answers(Reply.problem(404, NOT_FOUND));

        assertThat(varve.call("volume", "show", "app", "--json")).isEqualTo(new Outcome(1, "", NOT_FOUND + "\n"));
    }

    @Test
    void aProblemCannotPaintTheTerminal() {
        appliance.answers(Reply.problem(409, "{\"code\":\"BUSY\",\"detail\":\"\\u001b]0;title\\u0007\\u202eused\"}"));

        assertThat(varve.onTerminal().call("rollback", "app", "monday").err())
                .isEqualTo("varve: \\x1b]0;title\\x07\\u202eused [BUSY]\n");
    }

    @Test
    void aCallTheApplianceDoesNotKnowIsSaidPlainly() {
        appliance.answers(Reply.json(404, ""));

        Outcome outcome = varve.call("iostat");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo(
                        "varve: this appliance does not know GET /api/v1/iostat (it answered 404 Reason) [HTTP_404]\n");
    }

    @Test
    void anAnswerOfSomebodyInBetweenIsNotTakenForTheAppliances() {
        appliance.answers(
                new Reply(502, "text/html", out -> out.write("<h1>no</h1>".getBytes(StandardCharsets.UTF_8))));

        Outcome outcome = varve.call("--json", "store", "show", "fast");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("\"code\":\"HTTP_502\"", "\"status\":502", "GET /api/v1/stores/fast");
    }

    @Test
    void redirectsAreNotFollowed() {
        appliance.answers(Reply.json(302, ""));

        assertThat(varve.call("store", "show", "fast").status()).isEqualTo(1);
        assertThat(appliance.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "{\"items\":{}}", "", "{"})
    void anAnswerThatMakesNoSenseIsAFailure(String answer) {
        appliance.answers(Reply.json(answer));

        Outcome outcome = varve.call("store", "list");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("varve: the answer to GET /api/v1/stores ");
    }

    @Test
    void aConnectionThatBreaksLeavesTheOutcomeOpenAndIsNotTriedAgain() {
        appliance.next((head, in, out) -> {
            appliance.keep(head);
            return false;
        });

        Outcome outcome = varve.call("volume", "release", "app");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("varve: the connection to the appliance at " + socket + " broke during POST /api/v1/")
                .contains("[CONNECTION_LOST]", "may or may not have been done");
        assertThat(appliance.requests()).hasSize(1);
    }

    @Test
    void noSocketIsStatusThreeWithWhatToDo() {
        Outcome outcome = varve.call("status", "--socket", "/nowhere/varve.sock");

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.errLines())
                .containsExactly(
                        "varve: cannot reach the appliance at /nowhere/varve.sock: there is no such socket"
                                + " [UNREACHABLE]",
                        "  Is the appliance running? See: systemctl status varve, or start it with: varve serve",
                        "  Does it listen elsewhere? Give --socket PATH or set VARVE_SOCKET.");
    }

    @Test
    void aSocketLeftBehindIsStatusThree() throws IOException {
        Path abandoned = directory.resolve("abandoned.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(abandoned));
        }
        assertThat(abandoned).exists();

        Outcome outcome = varve.call("--socket", abandoned.toString(), "status");

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("nobody listens there");
    }

    @Test
    void aSocketForOthersSaysWhoMay() {
        Target target = new Target.Socket(socket);
        UnreachableException denied = new UnreachableException(new IOException("Permission denied"));

        Problem problem = Unreachable.explain(target, denied);

        assertThat(problem.detail()).endsWith(": permission denied");
        assertThat(problem.hint()).singleElement().asString().contains("root and varve", "usermod -aG varve");
    }

    /** Bound and not listening: nobody else can take the port meanwhile. */
    @Test
    void aClosedPortIsStatusThree() throws IOException {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String url = "http://127.0.0.1:" + bound.getLocalPort();

            Outcome outcome = varve.call("--url", url, "status", "--json");

            assertThat(outcome.status()).isEqualTo(3);
            assertThat(outcome.err()).contains("\"code\":\"UNREACHABLE\"", url);
        }
    }

    @ParameterizedTest(name = "varve {0}")
    @ValueSource(
            strings = {
                "",
                "volume",
                "nonsense",
                "volume nonsense",
                "volume show",
                "volume show a b",
                "volume show a/b/c",
                "volume show /a",
                "volume show a/",
                "snapshot hold app monday me",
                "snapshot hold app monday me -r x --for soon",
                "snapshot hold app monday me -r x --for 1h --expires 2026-12-24T18:00:00Z",
                "completion tcsh",
                "status --url http://h --socket /s",
                "status --token-file /t",
                "status --url ftp://h",
                "status --url http://user:word@h",
                "help nonsense"
            })
    void misuseIsStatusTwoAndAsksNothing(String command) {
        Outcome outcome = varve.call(command.isEmpty() ? new String[0] : command.split(" "));

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).isNotEmpty();
        assertThat(appliance.requests()).isEmpty();
    }

    @Test
    void aTypingErrorGetsASuggestion() {
        assertThat(varve.call("snapshot", "lst", "app").err())
                .contains("'lst'", "Did you mean: snapshot list?", "Try: varve snapshot --help");
    }

    @Test
    void aTokenFileThatHoldsNoTokenIsRefusedBeforeAnythingIsSent() throws IOException {
        Path empty = Files.writeString(directory.resolve("token"), " \n");

        Outcome outcome = varve.call("--url", "http://127.0.0.1:9", "--token-file", empty.toString(), "status");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("holds no token");
    }

    @Test
    void anArgumentIsNeverReadAsAFileOfArguments() throws IOException {
        Path file = Files.writeString(directory.resolve("arguments"), "fast");
        appliance.answers(Reply.json("{}"));

        varve.call("store", "show", "@" + file);

        assertThat(appliance.requests())
                .containsExactly("GET /api/v1/stores/%40" + file.toString().replace("/", "%2F"));
    }
}
