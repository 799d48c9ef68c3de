// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.testing;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Gives a test requests as a real container makes them of text, for code that reads a request and is not a filter. For one
 * thread.
 */
public final class RealRequests implements AutoCloseable {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private volatile Function<HttpServletRequest, ?> question = request -> "";
    private volatile CompletableFuture<Object> reply = new CompletableFuture<>();

    /** Starts a container on a free port. */
    public RealRequests() {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
        context.addServlet(new ServletHolder(new Asked()), "/");
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns what the question makes of a request, while the container is serving it; what the question throws is thrown
     * here.
     *
     * @param method the method
     * @param headers header lines; {@code Host: localhost} is added where they name no host
     */
    public <T> T ask(Function<HttpServletRequest, T> question, String method, String... headers) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        this.question = question;
        this.reply = answer;
        List<String> lines = new ArrayList<>(List.of(method + " / HTTP/1.1", "Connection: close"));
        lines.addAll(List.of(headers));
        if (lines.stream().noneMatch(line -> line.startsWith("Host:"))) {
            lines.add("Host: localhost");
        }
        RawHttp.exchange(connector.getLocalPort(), String.join("\r\n", lines) + "\r\n\r\n");
        @SuppressWarnings("unchecked") // It is what this question returned.
        T typed = (T) answer.join();
        return typed;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Asked extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException {
            try {
                reply.complete(question.apply(request));
            } catch (RuntimeException | AssertionError failed) {
                reply.completeExceptionally(failed);
            }
        }
    }
}
