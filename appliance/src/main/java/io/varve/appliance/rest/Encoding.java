package io.varve.appliance.rest;

import jakarta.ws.rs.core.Response;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names in paths, text in answers. */
final class Encoding {
    /** For people, where it is asked for; who takes anything gets JSON. */
    static final String PLAIN_TEXT = "text/plain;charset=UTF-8;qs=0.5";

    private Encoding() {}

    /** Of {@link #PLAIN_TEXT}, without the weight that only choosing needs. */
    static Response text(String text) {
        return Response.ok(text, "text/plain;charset=UTF-8").build();
    }

    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
