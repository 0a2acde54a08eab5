package io.varve.appliance.blackbox;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Calls over the Unix socket; any number of threads. Nothing is repeated, followed or decoded behind the caller's back. */
final class Api implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    private static final byte[] NOTHING = {};

    private final PoolingHttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(CONNECTIONS)
            .setMaxConnTotal(CONNECTIONS)
            .build();
    private final CloseableHttpClient http;

    Api(Path socket) {
        RequestConfig config = RequestConfig.custom()
                .setUnixDomainSocket(socket)
                .setResponseTimeout(Timeout.ofMinutes(2))
                .build();
        this.http = HttpClients.custom()
                .setDefaultRequestConfig(config)
                .setConnectionManager(connections)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .build();
    }

    /** JSON with single quotes, which read better in Java. */
    static String json(String text) {
        return text.replace('\'', '"');
    }

    /** A name as one part of a path. */
    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Reply get(String path, String... headers) {
        return send("GET", path, NOTHING, headers);
    }

    Reply delete(String path) {
        return send("DELETE", path, NOTHING);
    }

    Reply put(String path) {
        return send("PUT", path, NOTHING);
    }

    /** @param body see {@link #json} */
    Reply put(String path, String body) {
        return send("PUT", path, bytes(json(body)), "Content-Type", "application/json");
    }

    Reply post(String path, String body) {
        return send("POST", path, bytes(json(body)), "Content-Type", "application/json");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Any call.
     *
     * @param headers names and values in turn
     * @throws UncheckedIOException where the appliance is not there or went away
     */
    Reply send(String method, String path, byte[] body, String... headers) {
        HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create("http://varve" + path));
        if (body.length > 0) {
            request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return http.execute(request, response -> reply(method + " " + path, response));
        } catch (IOException gone) {
            throw new UncheckedIOException(method + " " + path + ": " + gone, gone);
        }
    }

    private static Reply reply(String call, ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.put(header.getName().toLowerCase(Locale.ROOT), String.valueOf(header.getValue()));
        }
        byte[] body = entity == null ? NOTHING : EntityUtils.toByteArray(entity);
        return new Reply(call, response.getCode(), headers, body);
    }

    /** The appliance has ended: connections to it are of no use to the next one. */
    void hangUp() {
        connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }
}
