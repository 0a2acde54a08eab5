package io.varve.driver.nfs;

import io.varve.spi.DriverOption;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is to be mounted and how, as the driver's options say; the mount options are those of nfs(5).
 *
 * @param source what mount.nfs(8) is told: {@code HOST:/PATH}
 * @param version empty for the newest that both sides know
 * @param more mount options beside ours
 */
record NfsOptions(String source, Optional<String> version, List<String> more) {
    static final String SERVER = "nfs.server";
    static final String PATH = "nfs.path";
    static final String VERSION = "nfs.version";
    static final String MORE = "nfs.options";

    static final List<DriverOption> ALL = List.of(
            new DriverOption(
                    SERVER,
                    "The host that shares the files: a name or an address. Without it, the root must be mounted already.",
                    ""),
            new DriverOption(PATH, "The absolute path by which that host shares them.", ""),
            new DriverOption(
                    VERSION, "The version of NFS to use: 4.2, 4.1, 4.0 or 3.", "the newest that both hosts know"),
            new DriverOption(
                    MORE,
                    "More options for the mount, as in nfs(5), separated by commas.",
                    "softerr,timeo=50,retrans=2"));

    private static final List<String> VERSIONS = List.of("4.2", "4.1", "4.0", "3");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}");
    private static final Pattern SHARED = Pattern.compile("/[^\\p{Cntrl}]{0,1023}");
    private static final Pattern ONE_MORE = Pattern.compile("[a-z_][a-z0-9_]*(=[^,=\\s\\p{Cntrl}]+)?");

    /** Why a mount option is not for the user to give, by its name. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("hard", "it waits for ever for a dead server"),
            Map.entry("soft", "'softerr' is used, which tells a dead server from a broken disk"),
            Map.entry("softerr", "it is set already"),
            Map.entry("ro", "a store must be written to"),
            Map.entry("bg", "the appliance itself tries again"),
            Map.entry("retry", "the appliance itself tries again"),
            Map.entry("remount", "the root is mounted once"),
            Map.entry("nolock", "two hosts could open the store at the same time"),
            Map.entry("local_lock", "two hosts could open the store at the same time"),
            Map.entry("vers", "say it by " + VERSION),
            Map.entry("nfsvers", "say it by " + VERSION),
            Map.entry("minorversion", "say it by " + VERSION));

    NfsOptions {
        more = List.copyOf(more);
    }

    /** What is to be mounted; empty where the options name no server. */
    static Optional<NfsOptions> of(Map<String, String> options) {
        return Optional.ofNullable(options.get(SERVER))
                .map(server -> new NfsOptions(
                        (server.contains(":") ? "[" + server + "]" : server) + ":" + options.getOrDefault(PATH, ""),
                        Optional.ofNullable(options.get(VERSION)),
                        listed(options)));
    }

    private static List<String> listed(Map<String, String> options) {
        return Stream.of(options.getOrDefault(MORE, "").split(",", -1))
                .map(String::strip)
                .filter(option -> !option.isEmpty())
                .toList();
    }

    /** All that is wrong with them, one sentence each. */
    static List<String> problems(Map<String, String> options) {
        List<String> problems = new ArrayList<>();
        if (options.containsKey(SERVER)) {
            check(options, SERVER, HOST, "the name or address of a host", problems);
            check(options, PATH, SHARED, "the absolute path by which that host shares the files", problems);
        } else {
            Stream.of(PATH, VERSION, MORE)
                    .filter(options::containsKey)
                    .forEach(name -> problems.add(name + " is given without " + SERVER + "."));
        }
        Optional.ofNullable(options.get(VERSION))
                .filter(version -> !VERSIONS.contains(version))
                .ifPresent(version -> problems.add(
                        VERSION + " is '" + version + "', but must be one of " + String.join(", ", VERSIONS) + "."));
        listed(options).forEach(option -> problem(option).ifPresent(problems::add));
        return problems;
    }

    private static void check(
            Map<String, String> options, String name, Pattern shape, String meaning, List<String> problems) {
        String value = options.getOrDefault(name, "");
        if (!shape.matcher(value).matches()) {
            problems.add(name + " is '" + value + "', but must be " + meaning + ".");
        }
    }

    private static Optional<String> problem(String option) {
        String name = option.split("=", 2)[0];
        if (!ONE_MORE.matcher(option).matches()) {
            return Optional.of(
                    MORE + " has '" + option + "', which is no mount option of the form NAME or NAME=VALUE.");
        }
        return Optional.ofNullable(REFUSED.get(name))
                .map(why -> MORE + " has '" + option + "', which cannot be chosen: " + why + ".");
    }

    /** What mount.nfs(8) is told after {@code -o}. Most calls that get no answer fail after 30 seconds. */
    String mountOptions() {
        Set<String> names =
                Set.copyOf(more.stream().map(option -> option.split("=", 2)[0]).toList());
        List<String> all = new ArrayList<>(List.of("softerr", "retry=0"));
        Stream.of("timeo=50", "retrans=2")
                .filter(option -> !names.contains(option.split("=", 2)[0]))
                .forEach(all::add);
        version.ifPresent(wanted -> all.add("vers=" + wanted));
        all.addAll(more);
        return String.join(",", all);
    }
}
