// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import static io.github.signinsync.keys.ScriptedSource.ISSUER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.config.SigninSyncConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the log is told, and how often. */
class KeyNewsTest {

    private final MovedTime time = new MovedTime();
    private final ScriptedSource source = new ScriptedSource();
    private final JwksKeys keys = new JwksKeys(
            new SigninSyncConfig.Keys(
                    URI.create("https://issuer.example/jwks?secret=42"),
                    Duration.ofMinutes(5),
                    Duration.ofHours(24),
                    Duration.ofSeconds(10)),
            source,
            time,
            time,
            new RefreshTimes(Duration.ofMinutes(5), () -> 0),
            Duration.ofSeconds(3));
    private final Logger logger = Logger.getLogger("io.github.signinsync.keys");
    private final List<String> lines = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord told) {
            lines.add(told.getLevel() + " " + MessageFormat.format(told.getMessage(), told.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(listener);
        logger.setLevel(Level.INFO);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(listener);
        logger.setLevel(null);
        logger.setUseParentHandlers(true);
    }

    @Test
    void keysReadAreToldOnce() {
        source.publish("k1", "k2");
        keys.start();
        time.pass(Duration.ofHours(1));

        assertEquals(List.of("INFO Signing keys read from issuer.example/jwks: 2."), lines);
    }

    @Test
    void keysLostAndBackAreToldOnceEach() {
        source.publish("k1");
        keys.start();
        lines.clear();

        source.fail(ReadFailure.TIMEOUT);
        time.pass(Duration.ofHours(1));
        source.fail(ReadFailure.STATUS);
        time.pass(Duration.ofHours(1));
        assertEquals(
                List.of("WARNING Signing keys cannot be read again from issuer.example/jwks (timeout)."
                        + " Those held are used until they are 24h old."),
                lines);

        lines.clear();
        time.pass(Duration.ofDays(2));
        assertEquals(
                List.of("WARNING Signing keys lost: issuer.example/jwks could not be read (status) for 24h."
                        + " No token can be verified until it can."),
                lines);

        lines.clear();
        source.publish("k1");
        time.pass(Duration.ofHours(1));
        assertEquals(List.of("INFO Signing keys read from issuer.example/jwks: 1."), lines);
    }

    @Test
    void oneFailureIsNotTold() {
        source.publish("k1");
        keys.start();
        lines.clear();

        source.fail(ReadFailure.TIMEOUT);
        time.pass(Duration.ofMinutes(4));
        assertEquals(2, source.reads());
        source.publish("k1");
        time.pass(Duration.ofHours(1));

        assertEquals(List.of(), lines);
    }

    @Test
    void anIssuerThatIsDownAtTheStartIsToldOnce() {
        keys.start();
        time.pass(Duration.ofHours(1));

        assertEquals(
                List.of("WARNING No signing keys: issuer.example/jwks cannot be read (refused)."
                        + " No token can be verified until it can; trying again."),
                lines);
    }

    @Test
    @DisplayName("E07 unusable keys: one warning for as long as they stay, one line when they are gone")
    void entriesOfNoUseAreToldOncePerChange() {
        String encryption = ISSUER.jwk("k2").replace("\"sig\"", "\"enc\"");
        publish("{\"keys\":[" + ISSUER.jwk("k1") + "," + encryption + ",{}]}");
        keys.start();
        lines.clear();
        publish("{\"keys\":[{}," + encryption + "," + ISSUER.jwk("k1") + "]}");
        time.pass(Duration.ofHours(1));
        assertEquals(List.of(), lines);

        publish("{\"keys\":[{}," + ISSUER.jwk("k1") + "]}");
        time.pass(Duration.ofMinutes(5));
        source.publish("k1");
        time.pass(Duration.ofMinutes(5));
        assertEquals(
                List.of(
                        "WARNING Entries skipped in the key set issuer.example/jwks: 1. They are \"\" (kid)",
                        "INFO No entry of the key set issuer.example/jwks is skipped any more."),
                lines);
    }

    @Test
    void aSetWithoutAUsableKeyIsToldWithTheReasons() {
        publish("{\"keys\":[" + ISSUER.jwk("k1").replace("RS256", "PS256") + "]}");
        keys.start();

        assertEquals(2, lines.size());
        assertTrue(lines.get(0).contains("(empty)"), lines.get(0));
        assertTrue(lines.get(1).endsWith("\"k1\" (alg)"), lines.get(1));
    }

    @Test
    void aKeyIdCannotForgeALine() {
        String forged = "x\\r\\nINFO all is well \\u001b[31m\\u2028 \\\"{0}";
        publish("{\"keys\":[" + ISSUER.jwk("k1") + ",{\"kid\":\"" + forged + "\",\"kty\":\"oct\"}]}");
        keys.start();

        String line = lines.get(lines.size() - 1);
        assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), line);
        assertTrue(line.contains("x\\u000d\\u000aINFO\\u0020all"), line);
    }

    @Test
    void manyUselessEntriesDoNotFloodTheLog() {
        publish("{\"keys\":[" + ISSUER.jwk("k1") + ",{\"kid\":\"x\"}".repeat(2000) + "]}");
        keys.start();

        String line = lines.get(lines.size() - 1);
        assertTrue(line.startsWith("WARNING Entries skipped"), line);
        assertTrue(line.length() < 1000, line);
    }

    @Test
    void neitherQueriesNorExceptionsAreTold() {
        source.answer(() -> {
            throw new IllegalStateException("secret");
        });
        keys.start();

        assertEquals(1, lines.size());
        assertFalse(lines.get(0).contains("secret"), lines.get(0));
    }

    @Test
    void closingIsNoNews() {
        source.publish("k1");
        keys.start();
        lines.clear();
        source.fail(ReadFailure.IO);
        source.before(keys::close);
        time.pass(Duration.ofMinutes(5));

        assertEquals(List.of(), lines);
    }

    private void publish(String body) {
        source.answer(() -> JwksDocument.read(body.getBytes(StandardCharsets.UTF_8)));
    }
}
