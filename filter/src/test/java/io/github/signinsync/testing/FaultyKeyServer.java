// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A key server on the loopback that misbehaves as told: it answers every request with whatever {@link #answer} was given
 * last, written byte by byte to the socket, and counts. One connection, one request. Safe for all threads.
 */
public final class FaultyKeyServer implements AutoCloseable {

    /** Writes an answer, status line and all; the connection closes when it returns. */
    @FunctionalInterface
    public interface Answer {
        /** Writes to the client. */
        void writeTo(OutputStream client) throws IOException, InterruptedException;
    }

    // Not in any request: this server answers a handshake too, in plain text.
    private static final int TLS_HANDSHAKE = 0x16;

    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile ServerSocket listener;
    private volatile Thread acceptor;
    private volatile Answer answer;

    private FaultyKeyServer(Answer answer) throws IOException {
        this.answer = answer;
        this.listener = listen(0);
        this.acceptor = acceptAll(listener);
    }

    /** Starts a server with this answer, on a free port. */
    public static FaultyKeyServer start(Answer answer) {
        try {
            return new FaultyKeyServer(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the address of the key set. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/.well-known/jwks.json");
    }

    /** Returns how many requests came in, whether or not they were answered. */
    public int requests() {
        return requests.get();
    }

    /** Returns how many connections are open. */
    public int openConnections() {
        return connections.size();
    }

    /** Answers like this from now on. */
    public void answer(Answer next) {
        answer = next;
    }

    /** Refuses connections, and breaks those that are open, until {@link #comeBack}. */
    public void goAway() {
        try {
            listener.close();
            // Until its thread has left accept, the system may still hand it a connection.
            acceptor.join();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listens again, on the same port. */
    public void comeBack() {
        try {
            listener = listen(listener.getLocalPort());
            acceptor = acceptAll(listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        goAway();
    }

    /** A 200 with this body. */
    public static Answer json(String body) {
        return text(200, "Content-Type: application/json", body);
    }

    /** This status, one more header line, and a body. */
    public static Answer text(int status, String headerLine, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return client -> {
            client.write(head(status, headerLine + "\r\nContent-Length: " + bytes.length));
            client.write(bytes);
        };
    }

    /** This status and no body. */
    public static Answer status(int status) {
        String length = status == 204 ? "Server: faulty" : "Content-Length: 0";
        return client -> client.write(head(status, length));
    }

    /** A 302 to another address. */
    public static Answer redirect(URI target) {
        return text(302, "Location: " + target, "");
    }

    /** These bytes as they are, which need not be HTTP. */
    public static Answer raw(byte[] bytes) {
        return client -> client.write(bytes);
    }

    /** A 200 whose body is this long, announced or not. */
    public static Answer oversized(int bytes, boolean announced) {
        return client -> {
            client.write(head(200, announced ? "Content-Length: " + bytes : "Content-Type: application/json"));
            byte[] chunk = new byte[8192];
            for (int left = bytes; left > 0; left -= chunk.length) {
                client.write(chunk, 0, Math.min(left, chunk.length));
            }
        };
    }

    /** Accepts and never says a word, until the server closes. */
    public Answer silence() {
        return client -> closed.await();
    }

    /** Waits for the latch, then answers. */
    public static Answer after(CountDownLatch latch, Answer then) {
        return client -> {
            latch.await();
            then.writeTo(client);
        };
    }

    /** Writes one header byte every 100 milliseconds, for ever. */
    public Answer dripHeaders() {
        return client -> {
            client.write("HTTP/1.1 200 OK\r\nX-Drip: ".getBytes(StandardCharsets.US_ASCII));
            drip(client);
        };
    }

    /** Writes the headers at once, then one body byte every 100 milliseconds, for ever. */
    public Answer dripBody() {
        return client -> {
            client.write(head(200, "Content-Type: application/json"));
            drip(client);
        };
    }

    private void drip(OutputStream client) throws IOException, InterruptedException {
        while (!closed.await(100, TimeUnit.MILLISECONDS)) {
            client.write(' ');
            client.flush();
        }
    }

    private static byte[] head(int status, String lines) {
        return ("HTTP/1.1 " + status + " Said so\r\nConnection: close\r\n" + lines + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        return socket;
    }

    private Thread acceptAll(ServerSocket socket) {
        return daemon(() -> {
            try {
                while (true) {
                    Socket connection = socket.accept();
                    connections.add(connection);
                    daemon(() -> serve(connection));
                }
            } catch (IOException goneAway) {
                // As told to.
                return;
            }
        });
    }

    private void serve(Socket connection) {
        try (connection) {
            if (readHead(connection.getInputStream())) {
                requests.incrementAndGet();
                answer.writeTo(connection.getOutputStream());
                connection.getOutputStream().flush();
            }
        } catch (IOException clientLeft) {
            // It may: most of these answers are made to be given up on.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    private static boolean readHead(InputStream stream) throws IOException {
        InputStream in = new BufferedInputStream(stream);
        int newlines = 0;
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == TLS_HANDSHAKE) {
                return true;
            }
            newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
            if (newlines == 2) {
                return true;
            }
        }
        return false;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "faulty-key-server");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
