package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.net.URIAuthority;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Calls the appliance, one call after the other. Nothing is tried twice, no redirect is followed, bodies of archives and
 * files are streamed. Every method throws {@link CommandFailure} where the appliance refuses or cannot be reached.
 */
final class ApplianceClient implements AutoCloseable {
    private static final String JSON = "application/json, application/problem+json";
    private static final int MAX_PROBLEM_BYTES = 1 << 20;
    private static final int LOWEST_FAILURE = 300;

    private final Target target;
    private final Line line;
    private final String scheme;
    private final URIAuthority authority;
    private final String prefix;

    ApplianceClient(Target target) {
        this.target = target;
        this.line = new Line(target);
        switch (target) {
            case Target.Socket socket -> {
                this.scheme = "http";
                this.authority = new URIAuthority("localhost");
                this.prefix = "";
            }
            case Target.Address address -> {
                this.scheme = address.url().getScheme();
                this.authority =
                        new URIAuthority(address.url().getHost(), address.url().getPort());
                this.prefix = address.prefix();
            }
        }
    }

    /** Reads what comes in a streamed answer. */
    @FunctionalInterface
    interface BodyReader<T> {
        /** @param length bytes to come; negative where the appliance does not say */
        T read(InputStream body, long length) throws IOException;
    }

    Answer get(ApiPath path) {
        return exchange(request("GET", path, JSON));
    }

    Answer get(ApiPath path, String mediaType) {
        return exchange(request("GET", path, mediaType + ", application/problem+json"));
    }

    Answer post(ApiPath path) {
        return exchange(request("POST", path, JSON));
    }

    Answer post(ApiPath path, JsonNode body) {
        return exchange(withBody(request("POST", path, JSON), body));
    }

    Answer put(ApiPath path) {
        return exchange(request("PUT", path, JSON));
    }

    Answer put(ApiPath path, JsonNode body) {
        return exchange(withBody(request("PUT", path, JSON), body));
    }

    Answer delete(ApiPath path) {
        return exchange(request("DELETE", path, JSON));
    }

    /**
     * Sends a stream as the body.
     *
     * @param length its bytes; negative where they are not known before the end
     */
    Answer upload(ApiPath path, String mediaType, InputStream body, long length) {
        ClassicHttpRequest request = request("POST", path, JSON);
        request.setEntity(new UploadEntity(body, length, ContentType.parse(mediaType), this::breakOff));
        return exchange(request);
    }

    /** Streams an answer into {@code reader}; what it leaves unread is not waited for. */
    <T> T download(ApiPath path, String mediaType, BodyReader<T> reader) {
        return download(path, mediaType, Duration.ZERO, reader);
    }

    /** As above, but the answer counts as ended where nothing comes for {@code patience}; zero waits for ever. */
    <T> T download(ApiPath path, String mediaType, Duration patience, BodyReader<T> reader) {
        ClassicHttpRequest request = request("GET", path, mediaType + ", application/problem+json");
        try {
            return read(open(request, patience), reader);
        } catch (SocketTimeoutException silent) {
            return ended(request, reader);
        } catch (IOException broken) {
            throw failure(request, broken);
        }
    }

    private <T> T read(ClassicHttpResponse response, BodyReader<T> reader) throws IOException {
        HttpEntity entity = response.getEntity();
        EndSensor body = new EndSensor(entity == null ? InputStream.nullInputStream() : entity.getContent());
        try {
            return reader.read(new PatientStream(body), entity == null ? 0 : entity.getContentLength());
        } finally {
            if (!body.atEnd()) {
                breakOff();
            }
            // What a close could still complain of is a connection that was broken off on purpose.
            Closer.closeQuietly(response);
        }
    }

    private <T> T ended(ClassicHttpRequest request, BodyReader<T> reader) {
        try {
            return reader.read(InputStream.nullInputStream(), 0);
        } catch (IOException broken) {
            throw failure(request, broken);
        }
    }

    @Override
    public void close() {
        line.close();
    }

    /** Ends the connection without finishing what is under way, so that the other side cannot take it for whole. */
    private void breakOff() {
        line.close();
    }

    private ClassicHttpRequest request(String method, ApiPath path, String accept) {
        ClassicHttpRequest request = new BasicClassicHttpRequest(method, scheme, authority, prefix + path.target());
        request.setHeader(HttpHeaders.ACCEPT, accept);
        request.setHeader(HttpHeaders.USER_AGENT, "varve/" + Version.NUMBER);
        token().ifPresent(token -> request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token));
        return request;
    }

    private Optional<String> token() {
        return switch (target) {
            case Target.Socket socket -> Optional.empty();
            case Target.Address address -> address.token();
        };
    }

    private static ClassicHttpRequest withBody(ClassicHttpRequest request, JsonNode body) {
        byte[] content = Json.compact(body).getBytes(StandardCharsets.UTF_8);
        request.setEntity(new ByteArrayEntity(content, ContentType.create("application/json")));
        return request;
    }

    private Answer exchange(ClassicHttpRequest request) {
        try (ClassicHttpResponse response = open(request, Duration.ZERO)) {
            HttpEntity entity = response.getEntity();
            byte[] content = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
            return new Answer(name(request), response.getCode(), content);
        } catch (IOException broken) {
            throw failure(request, broken);
        }
    }

    /** Sends the request and waits for the head of an answer of success. */
    private ClassicHttpResponse open(ClassicHttpRequest request, Duration patience) throws IOException {
        ClassicHttpResponse response = line.send(request, patience);
        if (response.getCode() < LOWEST_FAILURE) {
            return response;
        }
        try (response) {
            HttpEntity entity = response.getEntity();
            byte[] content = entity == null ? new byte[0] : entity.getContent().readNBytes(MAX_PROBLEM_BYTES);
            String reason = Optional.ofNullable(response.getReasonPhrase()).orElse("");
            throw new CommandFailure(Problem.of(name(request), response.getCode(), reason, content), ExitStatus.FAILED);
        }
    }

    private CommandFailure failure(ClassicHttpRequest request, IOException cause) {
        if (cause instanceof UnreachableException unreachable) {
            return new CommandFailure(Unreachable.explain(target, unreachable), ExitStatus.UNREACHABLE, cause);
        }
        String detail = "the connection to the appliance at " + target + " broke during " + name(request) + ": "
                + Optional.ofNullable(cause.getMessage())
                        .orElse(cause.getClass().getSimpleName());
        Problem problem = Problem.of(
                "CONNECTION_LOST", "Connection lost", detail, "What was asked may or may not have been done.");
        return new CommandFailure(problem, ExitStatus.FAILED, cause);
    }

    private static String name(ClassicHttpRequest request) {
        return request.getMethod() + " " + request.getPath();
    }
}
