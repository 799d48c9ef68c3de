// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.KEYS;
import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.github.signinsync.Revocations;
import io.github.signinsync.testing.RawHttp.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Posts that are one too many, beside those that are not. */
class SyncBusyTest {

    private final Revocations revocations = mock(Revocations.class);
    private TestApplication app;

    @BeforeEach
    void start() {
        app = TestApplication.start(1, settings -> {}, null, revocations);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void theThirtiethTokenOfALoginIsHeldAndTheNextIsNotBeforeASecondHasPassed() {
        post(29, app.token("alice"));
        assertEquals(200, app.post(app.token("alice")).status());

        assertBusy(app.post(app.token("alice", Map.of("exp", app.clock.seconds() + 90))));

        app.clock.move(Duration.ofMillis(999));
        assertBusy(app.post(app.token("alice")));
        app.clock.move(Duration.ofMillis(1));
        assertEquals(200, app.post(app.token("alice")).status());
        assertBusy(app.post(app.token("alice")));
    }

    @Test
    void anotherLoginFromTheSameAddressIsHeld() {
        post(31, app.token("alice"));

        assertEquals(200, app.post(app.token("bob")).status());
        assertEquals(
                200, app.post(app.token("alice", Map.of("sid", "elsewhere"))).status());
    }

    @Test
    void whereTheIssuerSaysNoSessionIdEachTokenIsALogin() {
        Map<String, Object> claims = app.claims("alice");
        claims.remove("sid");
        post(30, KEYS.token("k1", claims));
        assertBusy(app.post(KEYS.token("k1", claims)));

        claims.put("jti", "another");
        assertEquals(200, app.post(KEYS.token("k1", claims)).status());
    }

    @Test
    void theSixtiethRefusalSaysWhyAndTheNextDoesNotBeforeASecondHasPassed() {
        post(59, "junk");
        assertEquals(401, app.post("junk").status());

        assertBusy(app.post("junk"));
        assertBusy(app.post(app.token("alice", Map.of("exp", app.clock.seconds() - 60))));

        app.clock.move(Duration.ofSeconds(1));
        assertEquals(401, app.post("junk").status());
        assertBusy(app.post("junk"));
    }

    @Test
    void aGoodTokenIsHeldHoweverManyWereRefusedFromItsAddress() {
        post(70, "junk");
        assertBusy(app.post("junk"));

        assertEquals(200, app.post(app.token("alice")).status());
    }

    @Test
    void aRefusalForWantOfKeysIsNotCounted() {
        app.keysAreDown = true;
        post(70, app.token("alice"));
        assertEquals(503, app.post(app.token("alice")).status());
        app.keysAreDown = false;

        assertEquals(401, app.post("junk").status());
        assertEquals(200, app.post(app.token("alice")).status());
    }

    @Test
    void whatIsNoTokenAtAllIsNotCounted() {
        post(70, "");
        post(70, "x".repeat(3_801));

        assertEquals(401, app.post("junk").status());
    }

    @Test
    void aSignOutIsNeverOneTooMany() {
        post(31, app.token("alice"));
        post(61, "junk");

        for (int i = 0; i < 100; i++) {
            assertEquals(200, app.delete(signedIn(app.token("alice"))).status());
        }
    }

    @Test
    void oneTooManyTouchesNothing() {
        String alice = app.token("alice");
        String session = app.get("/public/x?do=work&value=w", signedIn(alice)).cookieValue("JSESSIONID");
        post(31, app.token("bob"));
        post(61, "junk");
        app.changes.clear();

        assertBusy(app.post(app.token("bob"), signedIn(alice, session)));
        assertBusy(app.post("junk", signedIn(alice, session)));

        assertEquals(List.of(), app.changes);
        verify(revocations, never()).revoke(any(), any(), any());
        assertTrue(app.get("/private/me", signedIn(alice, session)).body().contains("work=w"));
        app.clock.move(Duration.ofSeconds(1));
        assertEquals(200, app.post(app.token("bob"), signedIn(alice, session)).status());
        assertTrue(app.get("/public/x", cookies("JSESSIONID", session)).body().contains("session=none"));
    }

    private void post(int times, String token) {
        for (int i = 0; i < times; i++) {
            app.post(token);
        }
    }

    private static void assertBusy(Answer answer) {
        assertEquals(429, answer.status(), answer::toString);
        assertEquals("1", answer.header("Retry-After"));
        assertEquals("1", answer.header("Signin-Sync"));
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertTrue(answer.body().contains("\"code\":\"busy\""), answer::toString);
        assertEquals("", answer.header("Set-Cookie") + answer.header("WWW-Authenticate"));
        assertEquals("no-store", answer.header("Cache-Control"));
    }
}
