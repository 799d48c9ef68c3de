// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import static io.github.signinsync.keys.ScriptedSource.ISSUER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.testing.FaultyKeyServer;
import io.github.signinsync.testing.FaultyKeyServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One read against a server that does everything wrong. Real time, so the patience is short where it must run out. */
class JwksClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final String GOOD = ISSUER.jwks("k1", "e1");

    private final FaultyKeyServer server = FaultyKeyServer.start(FaultyKeyServer.json(GOOD));
    private final List<JwksClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(JwksClient::close);
        server.close();
    }

    @Test
    void readsASet() {
        KeySetRead.Done done = assertInstanceOf(KeySetRead.Done.class, read());

        assertEquals(Set.of("k1", "e1"), done.keys().keySet());
        assertEquals(1, server.requests());
    }

    @Test
    void readsASetInChunks() {
        String chunk = Integer.toHexString(GOOD.length()) + "\r\n" + GOOD + "\r\n0\r\n\r\n";
        server.answer(FaultyKeyServer.raw(
                ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk).getBytes(StandardCharsets.US_ASCII)));

        assertInstanceOf(KeySetRead.Done.class, read());
    }

    @Test
    void readsASetOfWhateverTypeTheServerCallsIt() {
        server.answer(FaultyKeyServer.text(200, "Content-Type: text/plain", GOOD));

        assertInstanceOf(KeySetRead.Done.class, read());
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 203, 204, 206, 301, 304, 400, 401, 404, 407, 410, 429, 500, 502, 503})
    @DisplayName("E03 JWKS 500: every status but 200 is a failure, whatever the body says")
    void takesNoStatusBut200(int status) {
        server.answer(
                status == 204 || status == 304
                        ? FaultyKeyServer.status(status)
                        : FaultyKeyServer.text(status, "Content-Type: application/json", GOOD));

        assertFailed(ReadFailure.STATUS);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    @DisplayName("E08 redirect: not followed")
    void followsNoRedirect(int status) {
        try (FaultyKeyServer other = FaultyKeyServer.start(FaultyKeyServer.json(GOOD))) {
            server.answer(FaultyKeyServer.text(status, "Location: " + other.url(), ""));

            assertFailed(ReadFailure.STATUS);
            assertEquals(0, other.requests());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Welcome</html>", "null", "{}", "{\"keys\":{}}", "[[[[[[[[[[[[[[[[[[[[[[[[[["})
    @DisplayName("E05 bad bodies: refused")
    void takesNoBodyThatIsNoKeySet(String body) {
        server.answer(FaultyKeyServer.json(body));

        assertFailed(ReadFailure.UNREADABLE);
    }

    @Test
    @DisplayName("E05 bad bodies: an empty set is refused")
    void takesNoEmptySet() {
        server.answer(FaultyKeyServer.json("{\"keys\":[]}"));

        assertFailed(ReadFailure.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("E05 bad bodies: 10 MiB are refused at the cap")
    void readsNoMoreThanTheCap(boolean announced) {
        server.answer(FaultyKeyServer.oversized(10 * 1024 * 1024, announced));

        assertFailed(ReadFailure.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void takesASetOfExactlyTheCap(int more) {
        int length = JwksClient.MOST_BYTES + more;
        server.answer(FaultyKeyServer.json(GOOD + " ".repeat(length - GOOD.length())));

        if (more <= 0) {
            assertInstanceOf(KeySetRead.Done.class, read());
        } else {
            assertFailed(ReadFailure.TOO_LARGE);
        }
    }

    @Test
    void inflatesNothing() throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        try (GZIPOutputStream gzip = new GZIPOutputStream(answer)) {
            gzip.write(GOOD.getBytes(StandardCharsets.UTF_8));
            gzip.write(new byte[20 * 1024 * 1024]);
        }
        server.answer(FaultyKeyServer.raw(answer.toByteArray()));

        assertFailed(ReadFailure.UNREADABLE);
    }

    @Test
    void isRefusedWhereNobodyListens() {
        server.goAway();

        assertFailed(ReadFailure.REFUSED);
    }

    @Test
    void knowsAServerThatDoesNotSpeakTls() {
        URI https = URI.create(server.url().toString().replace("http:", "https:"));

        assertEquals(
                new KeySetRead.Failed(ReadFailure.TLS), client(https, PATIENCE).read());
    }

    @Test
    void knowsAHostThatDoesNotExist() {
        URI nowhere = URI.create("https://nowhere.invalid/jwks.json");

        assertEquals(
                new KeySetRead.Failed(ReadFailure.IO), client(nowhere, PATIENCE).read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{", "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0"})
    void knowsAnAnswerThatBreaksOff(String bytes) {
        server.answer(FaultyKeyServer.raw(bytes.getBytes(StandardCharsets.US_ASCII)));

        assertFailed(ReadFailure.IO);
    }

    static List<String> slowAnswers() {
        return List.of("silence", "headers that drip", "a body that drips");
    }

    @ParameterizedTest
    @MethodSource("slowAnswers")
    @DisplayName("E04 timeouts: the time for the whole answer is bounded")
    void waitsForNoSlowAnswer(String kind) {
        Answer slow = switch (kind) {
            case "silence" -> server.silence();
            case "headers that drip" -> server.dripHeaders();
            default -> server.dripBody();
        };
        server.answer(slow);
        long begun = System.nanoTime();

        assertEquals(
                new KeySetRead.Failed(ReadFailure.TIMEOUT),
                client(server.url(), SHORT).read());

        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.compareTo(SHORT) >= 0 && took.compareTo(SHORT.plusSeconds(2)) < 0, took::toString);
    }

    @Test
    @Timeout(10)
    void leavesNoConnectionBehindWhenItGivesUp() {
        server.answer(server.dripBody());

        assertEquals(
                new KeySetRead.Failed(ReadFailure.TIMEOUT),
                client(server.url(), SHORT).read());

        while (server.openConnections() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    @Timeout(10)
    void leavesNoConnectionBehindWhenItHasEnough() {
        server.answer(FaultyKeyServer.oversized(Integer.MAX_VALUE, true));

        assertFailed(ReadFailure.TOO_LARGE);

        while (server.openConnections() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName("E04 timeouts: a host that does not answer at all is given up after a second")
    void waitsForNoConnection() throws IOException {
        List<Socket> queued = new ArrayList<>();
        // With nobody accepting and the queue full, the system drops further attempts; some systems refuse them.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 2; i++) {
                queued.add(new Socket(full.getInetAddress(), full.getLocalPort()));
            }
            URI url = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");
            long begun = System.nanoTime();

            KeySetRead.Failed failed = assertInstanceOf(
                    KeySetRead.Failed.class, client(url, PATIENCE).read());

            assertTrue(Set.of(ReadFailure.TIMEOUT, ReadFailure.REFUSED).contains(failed.reason()), failed::toString);
            assertTrue(System.nanoTime() - begun < Duration.ofMillis(2500).toNanos());
        } finally {
            for (Socket socket : queued) {
                socket.close();
            }
        }
    }

    @Test
    void isNotDisturbedByALateAnswerToAReadGivenUp() {
        CountDownLatch late = new CountDownLatch(1);
        server.answer(FaultyKeyServer.after(late, FaultyKeyServer.json(ISSUER.jwks("k2"))));
        JwksClient client = client(server.url(), SHORT);
        assertEquals(new KeySetRead.Failed(ReadFailure.TIMEOUT), client.read());

        server.answer(FaultyKeyServer.json(GOOD));
        late.countDown();

        assertEquals(
                Set.of("k1", "e1"),
                assertInstanceOf(KeySetRead.Done.class, client.read()).keys().keySet());
    }

    @Test
    void recoversWhenTheServerDoes() {
        JwksClient client = client(server.url(), PATIENCE);
        server.goAway();
        assertInstanceOf(KeySetRead.Failed.class, client.read());

        server.comeBack();

        assertInstanceOf(KeySetRead.Done.class, client.read());
    }

    @Test
    void readsNothingOnceClosed() {
        JwksClient client = client(server.url(), PATIENCE);
        client.close();
        client.close();

        assertEquals(new KeySetRead.Failed(ReadFailure.IO), client.read());
        assertEquals(0, server.requests());
    }

    private void assertFailed(ReadFailure reason) {
        assertEquals(reason, assertInstanceOf(KeySetRead.Failed.class, read()).reason());
    }

    private KeySetRead read() {
        return client(server.url(), PATIENCE).read();
    }

    private JwksClient client(URI url, Duration patience) {
        JwksClient client = new JwksClient(url, patience);
        clients.add(client);
        return client;
    }
}
