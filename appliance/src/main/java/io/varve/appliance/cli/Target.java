package io.varve.appliance.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Where the appliance listens. */
sealed interface Target {
    /** The Unix socket; who may open it is who may call. */
    record Socket(Path path) implements Target {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** Over TCP, with the bearer token to show where there is one. */
    record Address(URI url, Optional<String> token) implements Target {
        /** @throws IllegalArgumentException where it is not an http or https address */
        static Address of(String url, Optional<String> token) {
            URI parsed = URI.create(url);
            String scheme = Optional.ofNullable(parsed.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            boolean http = scheme.equals("http") || scheme.equals("https");
            if (!http || parsed.getHost() == null || parsed.getRawQuery() != null || parsed.getRawUserInfo() != null) {
                throw new IllegalArgumentException("'" + url + "' is not an address such as https://host:8470");
            }
            return new Address(parsed, token);
        }

        boolean secure() {
            return "https".equalsIgnoreCase(url.getScheme());
        }

        int port() {
            int standard = secure() ? 443 : 80;
            return url.getPort() < 0 ? standard : url.getPort();
        }

        /** What comes before {@code /api/v1} where a proxy serves the appliance below a path. */
        String prefix() {
            String path = Optional.ofNullable(url.getRawPath()).orElse("");
            return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        }

        /** The token stays out of every message. */
        @Override
        public String toString() {
            return url.toString();
        }
    }

    /** The token in a file; white space around it does not count. */
    static String readToken(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw CommandFailure.local(
                        "the token file " + file + " holds no token: one line of plain text is expected");
            }
            return token;
        } catch (IOException unreadable) {
            throw CommandFailure.local("cannot read the token file " + file, unreadable);
        }
    }
}
