package io.varve.appliance.cli;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnectionFactory;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;

/**
 * The connection to the appliance, for one call after the other; made when it is needed, and anew where the last call left
 * it unusable. Nothing is sent twice. Used by one thread at a time, but for {@link #close}.
 *
 * <p>It is built from the parts of an HTTP client rather than being one: a client's pools, caches, cookies and
 * decoders take longer to set up than a call takes.
 */
final class Line implements AutoCloseable {
    /** An answer that comes while the body is being sent is read at once, not after the body. */
    private static final DefaultBHttpClientConnectionFactory CONNECTIONS = DefaultBHttpClientConnectionFactory.builder()
            .responseOutOfOrderStrategy(new MonitoringResponseOutOfOrderStrategy(1))
            .build();

    private static final HttpProcessor HEADERS =
            new DefaultHttpProcessor(new RequestContent(), new RequestTargetHost());

    private final HttpRequestExecutor executor = new HttpRequestExecutor();
    private final Target target;
    private volatile @Nullable HttpClientConnection connection;
    private boolean reusable;

    Line(Target target) {
        this.target = target;
    }

    /**
     * Sends a request and waits for the head of the answer, whose body is to be read or broken off before the next call.
     *
     * @param patience how long the appliance may be silent; zero is for ever
     */
    ClassicHttpResponse send(ClassicHttpRequest request, Duration patience) throws IOException {
        HttpClientConnection open = connected();
        reusable = false;
        open.setSocketTimeout(Timeout.of(patience));
        HttpCoreContext context = HttpCoreContext.create();
        try {
            executor.preProcess(request, HEADERS, context);
            ClassicHttpResponse response = executor.execute(request, open, context);
            reusable = executor.keepAlive(request, response, open, context);
            return response;
        } catch (HttpException malformed) {
            throw new IOException(malformed.getMessage(), malformed);
        }
    }

    private HttpClientConnection connected() throws IOException {
        HttpClientConnection open = connection;
        if (open != null && reusable && open.isOpen() && !open.isStale()) {
            return open;
        }
        close();
        HttpClientConnection made = CONNECTIONS.createConnection(Connector.connect(target));
        connection = made;
        return made;
    }

    /** Ends the connection without finishing what is under way, so that the other side cannot take it for whole. */
    @Override
    public void close() {
        HttpClientConnection open = connection;
        if (open != null) {
            open.close(CloseMode.IMMEDIATE);
        }
    }
}
