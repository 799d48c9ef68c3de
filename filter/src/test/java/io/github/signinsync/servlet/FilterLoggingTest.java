// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.KEYS;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the filter writes into a log, at the finest level there is. */
class FilterLoggingTest {

    private static final Logger OURS = Logger.getLogger("io.github.signinsync");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler recorder = new Recorder();
    private TestApplication app;

    @BeforeEach
    void listen() {
        OURS.setLevel(Level.ALL);
        OURS.setUseParentHandlers(false);
        OURS.addHandler(recorder);
        app = TestApplication.start();
    }

    @AfterEach
    void stopListening() {
        app.close();
        OURS.removeHandler(recorder);
        OURS.setUseParentHandlers(true);
        OURS.setLevel(null);
    }

    @Test
    @DisplayName("C15 no part of a token, a cookie or a claim is logged, and a refused token is one line")
    void saysNothingOfATokenAndOneLineOfARefusal() {
        List<String> tokens = new ArrayList<>(List.of(
                app.token("alice-in-person"),
                app.token(
                        "alice-in-person", Map.of("exp", app.clock.seconds() - 300, "iat", app.clock.seconds() - 400)),
                app.token("alice-in-person", Map.of("iss", "https://evil-issuer.example")),
                app.token("alice-in-person", Map.of("azp", "https://evil-party.example")),
                app.token("alice-in-person", Map.of("nbf", app.clock.seconds() + 600)),
                KEYS.sign("k2", KEYS.header("k1"), "{\"sub\":\"alice-in-person\"}"),
                KEYS.sign(
                        "k1", "{\"alg\":\"RS256\",\"kid\":\"evil-key\\r\\nforged\"}", "{\"sub\":\"alice-in-person\"}"),
                "junk-of-some-length"));
        for (String token : tokens) {
            lines.clear();
            int status = app.get("/private/me", signedIn(token)).status();
            assertTrue(status == 200 || lines.size() <= 1, () -> lines.toString());
            app.navigate("/public/x", signedIn(token));
            app.post(token, signedIn(token));
            app.delete(signedIn(token));
            assertClean(lines, token);
        }
        app.keysAreDown = true;
        app.get("/private/me", signedIn(tokens.get(0)));
        app.listenerFault = new IllegalStateException("alice-in-person");
        app.keysAreDown = false;
        app.clock.move(Duration.ofSeconds(5));
        app.post(app.token("alice-in-person"));
        assertClean(lines, tokens.get(0));
        assertTrue(lines.stream().anyMatch(line -> line.contains("AuthChangeListener")), lines::toString);
    }

    @Test
    void aRefusedTokenIsToldByItsReason() {
        lines.clear();
        app.get("/private/me", signedIn(app.token("alice", Map.of("azp", "https://other.example"))));

        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).contains("AUDIENCE"), lines::toString);
    }

    @Test
    void cookiesOverPlainHttpAreWarnedOfOnceAtStart() {
        assertEquals(
                0, lines.stream().filter(line -> line.contains("cookieSecure")).count(), lines::toString);
        app.close();
        app = TestApplication.start(settings -> settings.cookieSecure(false));
        app.get("/public/x");
        app.post(app.token("alice"));
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.contains("WARNING") && line.contains("cookieSecure=false"))
                        .count(),
                lines::toString);
    }

    private static void assertClean(List<String> lines, String token) {
        for (String line : lines) {
            for (String forbidden : List.of("alice", "evil", "forged")) {
                assertFalse(line.contains(forbidden), line);
            }
            for (int i = 0; i + 9 <= token.length(); i++) {
                assertFalse(line.contains(token.substring(i, i + 9)), line);
            }
        }
    }

    private final class Recorder extends Handler {

        Recorder() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            lines.add(new SimpleFormatter().format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
