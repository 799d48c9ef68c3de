// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import io.github.signinsync.config.SigninSyncConfig;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the issuer's set with one GET that is bounded in every direction: no redirects, 200 only, so many bytes, so much
 * time in all, however slowly the answer drips. For one thread at a time.
 */
final class JwksClient implements KeySetSource {

    static final int MOST_BYTES = 256 * 1024;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);
    private static final Duration LONGEST_READ = Duration.ofSeconds(3);
    private static final System.Logger LOG = System.getLogger(JwksClient.class.getPackageName());

    private final HttpRequest request;
    private final Duration longestRead;

    // Made at the first read, off the thread that starts the application: loading what TLS needs takes a while.
    // Null once closed: up to Java 20 the client's selector thread ends when nobody refers to the client any more.
    private @Nullable HttpClient client;
    private boolean closed;

    JwksClient(SigninSyncConfig.Keys config) {
        this(config.jwksUrl(), LONGEST_READ);
    }

    JwksClient(URI url, Duration longestRead) {
        // No Accept-Encoding and no inflating: a compressed answer is unreadable, so it cannot be a bomb.
        this.request = HttpRequest.newBuilder(url)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        this.longestRead = longestRead;
    }

    @Override
    public KeySetRead read() {
        if (closed) {
            return new KeySetRead.Failed(ReadFailure.IO);
        }
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(request, JwksClient::subscriber);
        try {
            // Not HttpRequest.timeout, which ends with the headers.
            HttpResponse<byte[]> response = answer.get(longestRead.toNanos(), TimeUnit.NANOSECONDS);
            return judge(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            return new KeySetRead.Failed(ReadFailure.TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new KeySetRead.Failed(ReadFailure.IO);
        } catch (ExecutionException e) {
            return new KeySetRead.Failed(reason(e.getCause()));
        } finally {
            // Closes the connection of an answer that nobody waits for any more; does nothing to a complete one.
            answer.cancel(true);
        }
    }

    private HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(LONGEST_CONNECT)
                    // On whatever thread has the news, so that the client has no pool: what runs there copies bytes.
                    .executor(Runnable::run)
                    .build();
        }
        return client;
    }

    private static KeySetRead judge(int status, byte[] body) {
        if (status != 200) {
            LOG.log(System.Logger.Level.DEBUG, "The key set was answered with status {0}.", status);
            return new KeySetRead.Failed(ReadFailure.STATUS);
        }
        return body.length > MOST_BYTES ? new KeySetRead.Failed(ReadFailure.TOO_LARGE) : JwksDocument.read(body);
    }

    // One byte more than allowed tells the longest set from one that is too long.
    private static BoundedBody subscriber(HttpResponse.ResponseInfo answer) {
        return new BoundedBody(answer.statusCode() == 200 ? MOST_BYTES + 1 : 0);
    }

    private static ReadFailure reason(@Nullable Throwable thrown) {
        // The client wraps what happened in exceptions of its own.
        boolean refused = false;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpTimeoutException) {
                return ReadFailure.TIMEOUT;
            }
            if (cause instanceof SSLException) {
                return ReadFailure.TLS;
            }
            if (cause instanceof UnresolvedAddressException) {
                return ReadFailure.IO;
            }
            refused |= cause instanceof ConnectException;
        }
        return refused ? ReadFailure.REFUSED : ReadFailure.IO;
    }

    @Override
    @SuppressWarnings("try") // AutoCloseable.close may be interrupted; this one is called with nothing in flight.
    public void close() {
        Object closing = client;
        client = null;
        closed = true;
        // HttpClient is closeable from Java 21 on.
        if (closing instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "The HTTP client did not close: {0}",
                        e.getClass().getName());
            }
        }
    }
}
