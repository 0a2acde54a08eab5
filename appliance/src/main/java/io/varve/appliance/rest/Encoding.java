package io.varve.appliance.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names in paths. */
final class Encoding {
    private Encoding() {}

    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
