// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import static io.github.signinsync.keys.ScriptedSource.ISSUER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.testing.FaultyKeyServer;
import io.github.signinsync.testing.FaultyKeyServer.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys, client and server together: whatever the server does, a held key is found and a new one is not denied. */
class JwksKeysNetworkTest {

    private static final Answer K1 = FaultyKeyServer.json(ISSUER.jwks("k1"));

    private final FaultyKeyServer server = FaultyKeyServer.start(K1);
    private final MovedTime time = new MovedTime();
    private final JwksKeys keys = new JwksKeys(
            config(server.url()),
            new JwksClient(server.url(), Duration.ofMillis(1500)),
            time,
            time,
            new RefreshTimes(Duration.ofMinutes(5), () -> 0),
            Duration.ofSeconds(3));

    @AfterEach
    void close() {
        keys.close();
        server.close();
    }

    enum Fault {
        STATUS_500(ReadFailure.STATUS),
        STATUS_429(ReadFailure.STATUS),
        STATUS_404(ReadFailure.STATUS),
        STATUS_204(ReadFailure.STATUS),
        REDIRECT(ReadFailure.STATUS),
        REFUSED(ReadFailure.REFUSED),
        SILENCE(ReadFailure.TIMEOUT),
        DRIPPED_HEADERS(ReadFailure.TIMEOUT),
        DRIPPED_BODY(ReadFailure.TIMEOUT),
        TEN_MEBIBYTES(ReadFailure.TOO_LARGE),
        GZIP(ReadFailure.UNREADABLE),
        HTML(ReadFailure.UNREADABLE),
        NULL(ReadFailure.UNREADABLE),
        NO_KEYS(ReadFailure.UNREADABLE),
        EMPTY_SET(ReadFailure.EMPTY);

        private final ReadFailure reason;

        Fault(ReadFailure reason) {
            this.reason = reason;
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    @DisplayName(
            "E03 E04 E05 E08 faults: the known key is found, the unknown one is unavailable, and it heals by itself")
    void aFaultHarmsNoKnownKey(Fault fault) {
        keys.start();
        time.pass(Duration.ofSeconds(10));
        answerWith(fault);

        assertEquals(new KeyLookup.Unavailable(fault.reason.word()), keys.find("k2"));
        assertInstanceOf(KeyLookup.Found.class, keys.find("k1"));

        if (fault == Fault.REFUSED) {
            server.comeBack();
        }
        server.answer(FaultyKeyServer.json(ISSUER.jwks("k1", "k2")));
        time.pass(Duration.ofSeconds(1));
        assertInstanceOf(KeyLookup.Found.class, keys.find("k2"));
    }

    private void answerWith(Fault fault) {
        switch (fault) {
            case STATUS_500 -> server.answer(FaultyKeyServer.status(500));
            case STATUS_429 -> server.answer(FaultyKeyServer.text(429, "Retry-After: 1", "slow down"));
            case STATUS_404 -> server.answer(FaultyKeyServer.status(404));
            case STATUS_204 -> server.answer(FaultyKeyServer.status(204));
            case REDIRECT -> server.answer(FaultyKeyServer.redirect(server.url()));
            case REFUSED -> server.goAway();
            case SILENCE -> server.answer(server.silence());
            case DRIPPED_HEADERS -> server.answer(server.dripHeaders());
            case DRIPPED_BODY -> server.answer(server.dripBody());
            case TEN_MEBIBYTES -> server.answer(FaultyKeyServer.oversized(10 << 20, false));
            case GZIP ->
                server.answer(FaultyKeyServer.text(200, "Content-Encoding: gzip", "\u001f\u008b\b and so forth"));
            case HTML -> server.answer(FaultyKeyServer.json("<html>Sign in to the network</html>"));
            case NULL -> server.answer(FaultyKeyServer.json("null"));
            case NO_KEYS -> server.answer(FaultyKeyServer.json("{}"));
            case EMPTY_SET -> server.answer(FaultyKeyServer.json("{\"keys\":[]}"));
        }
    }

    @Test
    @DisplayName("E06 broken members: an unknown kty and a missing one beside k2 leave k2 as it is")
    void brokenMembersHarmNoOther() {
        server.answer(FaultyKeyServer.json(
                "{\"keys\":[{\"kid\":\"a\",\"kty\":\"NEW\"},{\"kid\":\"b\"}," + ISSUER.jwk("k2") + "]}"));
        keys.start();

        assertInstanceOf(KeyLookup.Found.class, keys.find("k2"));
        assertEquals(new KeyLookup.Unknown(), keys.find("a"));
    }

    @Test
    @DisplayName("E07 unusable keys: for encryption, too short, ambiguous; each is unknown, the others are fine")
    void unusableKeysAreUnknown() {
        String encryption = ISSUER.jwk("k1").replace("\"sig\"", "\"enc\"");
        String twice = ISSUER.jwk("e1").replace("\"e1\"", "\"x\"");
        String twiceOther = ISSUER.jwk("k1").replace("\"k1\"", "\"x\"");
        String small = "{\"kty\":\"RSA\",\"kid\":\"small\",\"e\":\"AQAB\",\"n\":\"" + "_".repeat(171) + "\"}";
        server.answer(FaultyKeyServer.json("{\"keys\":["
                + String.join(",", encryption, twice, twiceOther, small, ISSUER.jwk("k2"), ISSUER.jwk("e1"))
                + "]}"));
        keys.start();

        assertEquals(new KeyLookup.Unknown(), keys.find("k1"));
        assertEquals(new KeyLookup.Unknown(), keys.find("x"));
        assertEquals(new KeyLookup.Unknown(), keys.find("small"));
        assertInstanceOf(KeyLookup.Found.class, keys.find("k2"));
        assertInstanceOf(KeyLookup.Found.class, keys.find("e1"));
    }

    @Test
    @DisplayName("E04 timeouts: wired as in production, a server that never answers costs an unknown key 3 seconds")
    void inProductionNobodyWaitsLongerThanThreeSeconds() {
        try (JwksKeys real = new JwksKeys(config(server.url()))) {
            real.start();
            assertInstanceOf(KeyLookup.Found.class, real.find("k1"));
            server.answer(server.silence());
            long begun = System.nanoTime();

            assertFalse(real.find("k2") instanceof KeyLookup.Found);

            assertTrue(System.nanoTime() - begun < Duration.ofMillis(4500).toNanos());
            IntStream.range(0, 1000).forEach(i -> assertInstanceOf(KeyLookup.Found.class, real.find("k1")));
            assertEquals(2, server.requests());
        }
    }

    private static SigninSyncConfig.Keys config(URI url) {
        return new SigninSyncConfig.Keys(url, Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofSeconds(10));
    }
}
