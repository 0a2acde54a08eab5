package io.varve.appliance.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** {@code varve} itself: the options that hold for every command. */
@Command(
        name = "varve",
        description = "Volumes with a history: snapshots, rollback, export and retention.",
        customSynopsis = "varve [--json] [--socket PATH | --url URL --token-file FILE] NOUN VERB ...",
        version = "varve " + Version.NUMBER,
        footer = {
            "varve volume create app --size \"10 GiB\"",
            "varve snapshot create app before-upgrade -m \"version 1.4\"",
            "varve rollback app before-upgrade",
            "varve export app before-upgrade -o app.tar"
        })
final class RootCommand {
    static final Path DEFAULT_SOCKET = Path.of("/run/varve/varve.sock");
    static final String SOCKET_VARIABLE = "VARVE_SOCKET";

    @Spec
    CommandSpec spec;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print what the appliance answers as JSON; problems too, on standard error.")
    boolean json;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description = "The appliance's Unix socket. Default: $VARVE_SOCKET, else /run/varve/varve.sock.")
    @Nullable
    Path socket;

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "Reach the appliance over TCP instead, as http://127.0.0.1:8470.")
    @Nullable
    String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "File with the bearer token to show at --url.")
    @Nullable
    Path tokenFile;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Explain the command.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version of this program.")
    boolean version;

    /** Where the options and the environment say the appliance is. */
    Target target(Map<String, String> environment) {
        if (url == null) {
            require(tokenFile == null, "--token-file goes with --url; the Unix socket needs no token");
            return new Target.Socket(socketPath(environment));
        }
        require(socket == null, "--socket and --url exclude each other");
        Optional<String> token = Optional.ofNullable(tokenFile).map(Target::readToken);
        try {
            return Target.Address.of(url, token);
        } catch (IllegalArgumentException malformed) {
            throw new ParameterException(spec.commandLine(), "--url: " + malformed.getMessage(), malformed);
        }
    }

    private Path socketPath(Map<String, String> environment) {
        if (socket != null) {
            return socket;
        }
        String named = environment.getOrDefault(SOCKET_VARIABLE, "");
        return named.isEmpty() ? DEFAULT_SOCKET : Path.of(named);
    }

    private void require(boolean condition, String rule) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), rule);
        }
    }
}
