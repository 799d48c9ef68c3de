// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.COOKIE;
import static io.github.signinsync.servlet.TestApplication.GENERATION;
import static io.github.signinsync.servlet.TestApplication.KEYS;
import static io.github.signinsync.servlet.TestApplication.MARK;
import static io.github.signinsync.servlet.TestApplication.TWIN;
import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.testing.RawHttp.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which 401 says that a login ended by time, so that a fresh token may be all that is missing. */
class PastLoginTest {

    private static final String EXPIRED = "SigninSync error=\"expired\"";
    private static final String PLAIN = "SigninSync";
    private static final String SOME_GENERATION = "someGenerationOfSome12";

    private final CookieJar jar = new CookieJar();
    private TestApplication app;

    @BeforeEach
    void start() {
        app = TestApplication.start();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Nested
    class IsShownBy {

        @Test
        void aGenuineTokenThatExpired() {
            String alice = app.token("alice");
            app.clock.move(Duration.ofMinutes(2));

            assertEquals(EXPIRED, challenge(signedIn(alice)));
        }

        @Test
        void aDeadToken() {
            assertEquals(EXPIRED, challenge(cookies(COOKIE, app.token("alice"), GENERATION, SOME_GENERATION)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", SOME_GENERATION, SOME_GENERATION + "." + SOME_GENERATION})
        void aTwinWhoseTokenIsGone(String twin) {
            assertEquals(EXPIRED, challenge(cookies(TWIN, twin)));
        }

        @Test
        void aTwinBesideATokenThatIsNotAcceptable() {
            assertEquals(EXPIRED, challenge(cookies(COOKIE, "junk", TWIN, "0")));
        }

        @Test
        void aSessionWhoseTokenIsGone() {
            String session = app.get("/public/x?do=session", signedIn(app.token("alice")))
                    .cookieValue("JSESSIONID");

            assertEquals(EXPIRED, challenge(cookies("JSESSIONID", session)));
        }

        @Test
        void whatIsLeftADayAfterTheLastPost() {
            jar.store(app.post(app.token("alice"))).without(COOKIE);
            app.clock.move(Duration.ofDays(1));

            assertEquals(EXPIRED, challenge(jar.header()));
        }

        @Test
        void anExpiredBearerTokenWhereThoseAreRead() {
            bearer();
            String alice = app.token("alice");
            app.clock.move(Duration.ofMinutes(2));

            assertEquals(EXPIRED + ", Bearer", challenge("Authorization: Bearer " + alice));
        }

        @Test
        void aPageThatIsRefusedToo() {
            assertEquals(
                    EXPIRED, app.navigate("/private/me", cookies(TWIN, "0")).header("WWW-Authenticate"));
            assertEquals(PLAIN, app.navigate("/private/me").header("WWW-Authenticate"));
        }
    }

    @Nested
    class OfABrowserWithoutAVouchedToken {

        @BeforeEach
        void work() {
            jar.store(app.post(app.token("alice")));
            jar.store(app.get("/public/x?do=work&value=half+a+form", jar.header()));
        }

        @Test
        void waitsForItsUserWhereASignOutEndsIt() {
            Answer given = app.delete(jar.header(), "Signin-Sync-Reason: unverified");
            assertEquals(200, given.status());
            assertTrue(given.body().contains("\"state\":\"out\""), given::toString);
            assertTrue(given.setCookie(TWIN).isEmpty(), given::toString);
            jar.store(given);
            assertEquals("", jar.value(COOKIE));
            assertTrue(jar.value(MARK).endsWith(".out"), jar::header);
            assertTrue(app.get("/public/x", jar.header()).body().contains("user=nobody"));
            assertEquals(EXPIRED, challenge(jar.header()));

            jar.store(app.post(app.token("alice", Map.of("exp", app.clock.seconds() + 90)), jar.header()));
            assertTrue(app.get("/public/x", jar.header()).body().contains("work=half a form"));

            jar.store(app.delete(jar.header(), "Signin-Sync-Reason: other"));
            jar.store(app.post(app.token("alice", Map.of("exp", app.clock.seconds() + 99)), jar.header()));
            assertFalse(app.get("/public/x", jar.header()).body().contains("work=half a form"));
        }

        @Test
        void isNoOneElsesWhoSignsInNext() {
            jar.store(app.delete(jar.header(), "Signin-Sync-Reason: unverified"));
            jar.store(app.post(app.token("bob"), jar.header()));
            assertFalse(app.get("/public/x", jar.header()).body().contains("half a form"));
        }
    }

    @Nested
    class IsNotShownBy {

        @Test
        void aBrowserThatWasNeverSignedIn() {
            assertEquals(PLAIN, challenge("Cookie: "));
        }

        @Test
        void aBrowserThatSignedOut() {
            jar.store(app.post(app.token("alice")));

            jar.store(app.delete(jar.header()));

            assertEquals(PLAIN, challenge(jar.header()));
        }

        @Test
        void aTokenThatWasRevokedAndNothingThatCameWithIt() {
            jar.store(app.post(app.token("alice")));
            app.delete(jar.header());
            assertEquals(PLAIN, challenge(jar.header()));

            jar.store(app.navigate("/public/x", jar.header()));

            assertEquals(PLAIN, challenge(jar.header()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"junk", "", "1", "00", "someGenerationOfSome1", SOME_GENERATION + "."})
        void aTwinThatIsNone(String twin) {
            assertEquals(PLAIN, challenge(cookies(TWIN, twin)));
        }

        @Test
        void aTokenThatIsForged() {
            String forged = KEYS.sign("k2", KEYS.header("k1"), "{\"exp\":1}");

            assertEquals(PLAIN, challenge(signedIn(forged)));
            assertEquals(PLAIN, challenge(signedIn("junk")));
        }

        @Test
        void cookiesBesideABearerToken() {
            bearer();

            assertEquals(PLAIN + ", Bearer", challenge(cookies(TWIN, "0"), "Authorization: Bearer junk"));
            assertEquals(EXPIRED + ", Bearer", challenge(cookies(TWIN, "0")));
        }

        @Test
        void cookiesOfAProvider() {
            app.close();
            app = TestApplication.start(settings -> settings.syncPath(""));

            assertEquals(PLAIN, challenge(cookies(TWIN, "0")));
        }

        @Test
        void aPostThatIsRefused() {
            assertEquals(PLAIN, app.post("junk", cookies(TWIN, "0")).header("WWW-Authenticate"));
        }
    }

    private void bearer() {
        app.close();
        app = TestApplication.start(settings -> settings.bearer(true));
    }

    private String challenge(String... headers) {
        return app.get("/private/me", headers).header("WWW-Authenticate");
    }
}
