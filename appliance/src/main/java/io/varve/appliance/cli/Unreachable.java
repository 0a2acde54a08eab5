package io.varve.appliance.cli;

import java.util.Locale;
import java.util.Optional;

/** Says why the appliance cannot be reached, and what to do about it. */
final class Unreachable {
    private static final String CODE = "UNREACHABLE";
    private static final String TITLE = "Appliance unreachable";

    private static final String CLOSED_TO_YOU =
            "The socket is open to its owner and its group, as a rule root and varve:"
                    + " run this as root, or join the group (usermod -aG varve NAME) and log in again.";
    private static final String START_IT =
            "Is the appliance running? See: systemctl status varve, or start it with: varve serve";
    private static final String ELSEWHERE = "Does it listen elsewhere? Give --socket PATH or set VARVE_SOCKET.";

    private Unreachable() {}

    static Problem explain(Target target, UnreachableException failure) {
        return switch (target) {
            case Target.Socket socket -> explain(socket, reason(failure));
            case Target.Address address -> explain(address, reason(failure));
        };
    }

    private static Problem explain(Target.Socket socket, String reason) {
        String why = reason.toLowerCase(Locale.ROOT);
        if (why.contains("permission denied")) {
            return problem(socket, "permission denied", CLOSED_TO_YOU);
        }
        if (why.contains("no such file")) {
            return problem(socket, "there is no such socket", START_IT, ELSEWHERE);
        }
        return problem(socket, why.contains("refused") ? "nobody listens there" : reason, START_IT, ELSEWHERE);
    }

    private static Problem explain(Target.Address address, String reason) {
        return problem(
                address,
                reason,
                "Is the appliance running there, and is the address right? Without --url the Unix socket of this host is"
                        + " used.");
    }

    private static Problem problem(Target target, String why, String... hint) {
        return Problem.of(CODE, TITLE, "cannot reach the appliance at " + target + ": " + why, hint);
    }

    private static String reason(UnreachableException failure) {
        Throwable cause = Optional.ofNullable(failure.getCause()).orElse(failure);
        return Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    }
}
