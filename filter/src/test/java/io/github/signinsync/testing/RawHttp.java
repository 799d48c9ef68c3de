// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Sends a request exactly as a test wrote it and reads the answer as text: no client library tidies up either. Each
 * request has a connection of its own.
 */
public final class RawHttp {

    private static final int TIMEOUT_MILLIS = 10_000;

    private RawHttp() {}

    /**
     * Sends lines to a local port.
     *
     * @param port the port
     * @param body the body, empty for none; its length is added to the head
     * @param lines request line and header lines, without Host and Connection
     */
    public static Answer send(int port, String body, List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append("\r\n"));
        text.append("Host: localhost:").append(port).append("\r\nConnection: close\r\n");
        if (!body.isEmpty()) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return exchange(port, text.append("\r\n").append(body).toString());
    }

    /** Sends this text and nothing else. */
    public static Answer exchange(int port, String text) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return Answer.parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An answer as it came over the wire.
     *
     * @param status the status code
     * @param head the header lines
     * @param body what follows them
     */
    public record Answer(int status, List<String> head, String body) {

        static Answer parse(String text) {
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new IllegalStateException("not an answer: " + text);
            }
            List<String> lines = List.of(text.substring(0, end).split("\r\n"));
            return new Answer(
                    Integer.parseInt(lines.get(0).split(" ")[1]),
                    lines.subList(1, lines.size()),
                    text.substring(end + 4));
        }

        /** Returns all values of a header, in order. */
        public List<String> headers(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            List<String> values = new ArrayList<>();
            for (String line : head) {
                if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    values.add(line.substring(prefix.length()).strip());
                }
            }
            return values;
        }

        /** Returns the values of a header joined by commas, or "" if there is none. */
        public String header(String name) {
            return String.join(", ", headers(name));
        }

        /** Returns the Set-Cookie line for a cookie of this name. */
        public Optional<String> setCookie(String name) {
            return headers("Set-Cookie").stream()
                    .filter(line -> line.startsWith(name + "="))
                    .findFirst();
        }

        /** Returns the value that Set-Cookie gives a cookie of this name; fails if there is none. */
        public String cookieValue(String name) {
            String line = setCookie(name).orElseThrow(() -> new AssertionError("no " + name + " in " + head));
            return line.substring(name.length() + 1, line.indexOf(';'));
        }
    }
}
