// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.ISSUER;
import static io.github.signinsync.servlet.TestApplication.KEYS;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.testing.FaultyKeyServer;
import io.github.signinsync.testing.RawHttp.Answer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The filter as it is deployed: keys over HTTP, its own thread, the machine's clock. Faults of a second, not of an hour. */
class KeysOverTheWireTest {

    private final FaultyKeyServer issuer = FaultyKeyServer.start(FaultyKeyServer.json(KEYS.jwks("k1")));

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    @DisplayName("E09 start without the issuer: the application is up, users are told to try later, and then are in")
    void startsWithoutItsIssuerAndRecoversByItself() {
        issuer.goAway();
        try (TestApplication app = start()) {
            String alice = app.token("alice");

            assertEquals(200, app.get("/public/x").status());
            Answer refused = app.get("/private/me", signedIn(alice));
            assertEquals(503, refused.status());
            assertFalse(refused.header("Retry-After").isEmpty());
            assertEquals("", refused.header("Set-Cookie"));
            assertEquals(401, app.get("/private/me").status());
            issuer.comeBack();

            assertTrue(within(
                    Duration.ofSeconds(10),
                    () -> app.get("/private/me", signedIn(alice)).status() == 200));
        }
    }

    @Test
    @DisplayName("E01 E02 a new key is good at once and a withdrawn one not for long, while users keep working")
    void followsARotation() {
        try (TestApplication app = start()) {
            String alice = app.token("alice");
            assertEquals(200, app.get("/private/me", signedIn(alice)).status());

            issuer.answer(FaultyKeyServer.json(KEYS.jwks("k2")));

            String renewed = KEYS.token("k2", app.claims("alice"));
            assertTrue(within(
                    Duration.ofSeconds(5),
                    () -> app.get("/private/me", signedIn(renewed)).status() == 200));
            assertTrue(within(
                    Duration.ofSeconds(5),
                    () -> app.get("/private/me", signedIn(alice)).status() == 401));
            assertEquals(200, app.get("/private/me", signedIn(renewed)).status());
        }
    }

    @Test
    @DisplayName("E03 an issuer that fails after the start signs nobody out")
    void keepsItsKeysThroughAnOutage() {
        try (TestApplication app = start()) {
            String alice = app.token("alice");
            assertEquals(200, app.get("/private/me", signedIn(alice)).status());
            int before = issuer.requests();

            issuer.answer(FaultyKeyServer.status(500));

            assertTrue(within(Duration.ofSeconds(10), () -> {
                assertEquals(200, app.get("/private/me", signedIn(alice)).status());
                return issuer.requests() >= before + 2;
            }));
        }
    }

    @Test
    void leavesNoThreadBehind() {
        try (TestApplication app = start()) {
            app.get("/private/me", signedIn(app.token("alice")));
            assertTrue(isOurThreadAlive());
        }

        assertTrue(within(Duration.ofSeconds(5), () -> !isOurThreadAlive()));
    }

    private TestApplication start() {
        return TestApplication.startWithRealKeys(SigninSyncConfig.builder()
                .issuer(ISSUER)
                .jwksUrl(issuer.url().toString())
                .requiredPaths("/private/*")
                .authorizedParties("https://app.example")
                .jwksRefresh(Duration.ofSeconds(1))
                .jwksCooldown(Duration.ofSeconds(1))
                .build());
    }

    private static boolean isOurThreadAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("signin-sync") && thread.isAlive());
    }

    /** Asks again and again, at full speed: what is waited for is another thread's or process's doing. */
    private static boolean within(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            if (condition.getAsBoolean()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }
}
