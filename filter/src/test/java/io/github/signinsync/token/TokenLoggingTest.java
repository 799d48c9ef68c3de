// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import static io.github.signinsync.token.Tokens.CLOCK;
import static io.github.signinsync.token.Tokens.HEADER;
import static io.github.signinsync.token.Tokens.IDP;
import static io.github.signinsync.token.Tokens.config;
import static io.github.signinsync.token.Tokens.keys;
import static io.github.signinsync.token.Tokens.payload;
import static io.github.signinsync.token.Tokens.token;
import static io.github.signinsync.token.Tokens.verifier;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.keys.SigningKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What gets into a log: warnings about settings, once, and never a piece of a token. */
class TokenLoggingTest {

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("io.github.signinsync.token");

    private final Recorder recorder = new Recorder();
    private final Level rootLevel = ROOT.getLevel();

    /** The verifier that all tests share warns when it is made: here, not while we listen. */
    @BeforeAll
    static void makeTheSharedVerifier() {
        Tokens.outcome("no token");
    }

    @BeforeEach
    void listen() {
        ROOT.setLevel(Level.ALL);
        ROOT.addHandler(recorder);
        OURS.setLevel(Level.ALL);
        OURS.setUseParentHandlers(false);
        OURS.addHandler(recorder);
    }

    @AfterEach
    void stopListening() {
        OURS.removeHandler(recorder);
        OURS.setUseParentHandlers(true);
        OURS.setLevel(null);
        ROOT.removeHandler(recorder);
        ROOT.setLevel(rootLevel);
    }

    @Test
    void noPieceOfATokenIsLogged() {
        List<String> tokens = List.of(
                token(),
                token("exp", Tokens.now(-600), "iat", "-"),
                token("exp", "\"not-a-number\""),
                token("sub", "{\"secret-name\":\"confidential\"}"),
                token("aud", "[{\"secret-name\":\"confidential\"}]"),
                IDP.sign("k1", HEADER + "trailing-text", payload()),
                IDP.sign("k2", HEADER, payload()),
                IDP.sign("k1", "{\"alg\":\"RS256\",\"kid\":\"unheard-of-key\\r\\nforged log line\"}", payload()),
                IDP.sign("k1", "{\"alg\":\"RS256\",\"kid\":\"unheard-of-key\"}", payload()),
                IDP.sign("e1", "{\"alg\":\"RS256\",\"kid\":\"e1\"}", payload()),
                token().replace('.', '-'),
                token() + "==");
        TokenVerifier verifier = verifier(config());
        TokenVerifier throwing = new TokenVerifier(config().build().token(), keys(), new ThrowingClock(tokens.get(0)));
        SigningKeys broken = kid -> {
            throw new IllegalStateException(kid + tokens.get(0));
        };
        TokenVerifier keyless = new TokenVerifier(config().build().token(), broken, CLOCK);
        for (String token : tokens) {
            for (TokenVerifier each : List.of(verifier, throwing, keyless)) {
                each.verify(token);
            }
        }
        String logged = String.join("\n", recorder.lines);
        assertTrue(logged.contains("java.lang.IllegalStateException"), "the type of a surprise is logged");
        for (String token : tokens) {
            assertNoPiece(token, logged);
        }
        for (String secret :
                List.of("alice", "unheard-of", "forged log", "confidential", "trailing-text", "not-a-num")) {
            assertFalse(logged.contains(secret), logged);
        }
    }

    @ParameterizedTest
    @CsvSource({"299,0", "300,0", "301,1", "3600,1"})
    void generousLeewayIsWarnedOfOnce(long seconds, int warnings) {
        verifier(config().audience("app").leeway(Duration.ofSeconds(seconds)));
        assertEquals(warnings, recorder.warningsWith("leeway"));
    }

    @Test
    void missingAudienceIsWarnedOfOnce() {
        TokenVerifier verifier = verifier(config());
        verifier.verify(token());
        verifier.verify(token());
        assertEquals(1, recorder.warningsWith("Neither audience nor authorizedParties is set"));
    }

    @Test
    void eitherAudienceSettingIsEnough() {
        verifier(config().audience("app"));
        verifier(config().authorizedParties("https://app.example"));
        assertEquals(0, recorder.warningsWith(""));
    }

    private static void assertNoPiece(String token, String logged) {
        for (int i = 0; i + 9 <= token.length(); i++) {
            String piece = token.substring(i, i + 9);
            assertFalse(logged.contains(piece), () -> piece + " in " + logged);
        }
    }

    private static final class Recorder extends Handler {

        private final List<String> lines = new ArrayList<>();
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            lines.add(entry.getLevel()
                    + " "
                    + formatter.format(entry)
                    + entry.getMessage()
                    + Arrays.toString(entry.getParameters())
                    + entry.getThrown());
        }

        long warningsWith(String text) {
            return lines.stream()
                    .filter(line -> line.startsWith("WARNING") && line.contains(text))
                    .count();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Stands for a library that puts the token into its message. */
    private static final class ThrowingClock extends Clock {

        private final String message;

        ThrowingClock(String message) {
            this.message = message;
        }

        @Override
        public Instant instant() {
            throw new IllegalStateException(message);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
