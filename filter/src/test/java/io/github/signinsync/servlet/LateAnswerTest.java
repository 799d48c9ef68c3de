// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.COOKIE;
import static io.github.signinsync.servlet.TestApplication.GENERATION;
import static io.github.signinsync.servlet.TestApplication.MARK;
import static io.github.signinsync.servlet.TestApplication.SWITCH;
import static io.github.signinsync.servlet.TestApplication.TWIN;
import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.github.signinsync.Revocations;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.testing.RawHttp.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that a browser stores later than the server gave them. No node here remembers a sign-out, as if each request came
 * to another one: what the browser holds must be enough.
 */
class LateAnswerTest {

    /** Answers "not revoked" to everything. */
    private static final Revocations FORGETFUL = mock(Revocations.class);

    private static final String PLANTED = "attackersAttackers1234";

    private final CookieJar jar = new CookieJar();
    private TestApplication app;

    @BeforeEach
    void start() {
        start(settings -> {});
    }

    private void start(Consumer<SigninSyncConfig.Builder> settings) {
        app = TestApplication.start(1, settings, null, FORGETFUL);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Nested
    class AfterASignOut {

        @Test
        void aLateSignInIsDeadAndOneInOrderCounts() {
            Answer first = app.post(app.token("alice"));
            jar.store(first);
            assertSignedIn("alice");
            Answer late = app.post(later("alice"), jar.header());
            jar.store(app.delete(jar.header()));
            assertNobody();

            jar.store(late);

            assertNobody();
            jar.store(app.post(later("alice"), jar.header()));
            assertSignedIn("alice");
        }

        @Test
        void theFirstSignInOfABrowserIsDeadTooWhenItIsLate() {
            Answer late = app.post(app.token("alice"));
            jar.store(app.delete());

            jar.store(late);

            assertNobody();
            assertSignedIn("alice", new CookieJar().store(late));
        }

        @Test
        void aLateSignInFindsTheSessionHidden() {
            jar.store(app.post(app.token("alice")));
            jar.store(app.get("/public/x?do=work&value=w", jar.header()));
            Answer late = app.post(later("alice"), jar.header());
            // Another path's session cookie does not reach the endpoint.
            jar.store(app.delete(cookies(COOKIE, jar.value(COOKIE), TWIN, jar.value(TWIN))));
            jar.store(late);

            Answer hidden = app.get("/public/x", jar.header());

            assertSees(hidden, "user=nobody", "session=none");
            jar.store(app.post(later("alice"), jar.header()));
            assertSees(app.get("/public/x", jar.header()), "user=alice", "work=w");
        }

        @Test
        void theSameUserIsBackAndALateFirstAnswerIsHealedByTheNextPost() {
            Answer late = app.post(app.token("alice", Map.of("exp", app.clock.seconds() + 90)));
            jar.store(app.delete());
            jar.store(app.post(app.token("alice"), jar.header()));
            assertSignedIn("alice");

            jar.store(late);

            assertNobody();
            Answer healing = app.post(app.token("alice"), jar.header());
            assertTrue(healing.body().contains("\"changed\":true"), healing::toString);
            assertEquals("", new CookieJar().store(healing).value(GENERATION));
            jar.store(healing);
            assertSignedIn("alice");
        }

        @Test
        void nothingIsRevokedByADeadToken() {
            app.close();
            app = TestApplication.start();
            Answer late = app.post(app.token("alice"));
            jar.store(app.delete()).store(late);

            assertNobody();

            assertSignedIn("alice", new CookieJar().store(late));
            assertEquals(1, app.changes.size(), app.changes::toString);
        }
    }

    @Nested
    class AfterAnotherUser {

        @Test
        void aLateChangeOfUserDoesNotUndoASignOut() {
            jar.store(app.post(app.token("alice")));
            Answer late = app.post(app.token("bob"), jar.header());
            jar.store(app.delete(jar.header()));

            jar.store(late);

            assertNobody();
            jar.store(app.post(later("bob"), jar.header()));
            assertSignedIn("bob");
        }

        @Test
        void tabsThatAllTellOfTheSameChangeAgree() {
            jar.store(app.post(app.token("alice")));
            String before = jar.header();
            Answer first = app.post(app.token("bob"), before);
            Answer second = app.post(later("bob"), before);
            Answer third = app.post(later("bob"), new CookieJar().store(first).header());

            jar.store(first).store(second).store(third).store(second);

            assertSignedIn("bob");
        }

        @Test
        void aSecondSignOutAfterAChangeOfUserLeavesBothLateAnswersDead() {
            jar.store(app.post(app.token("alice")));
            Answer lateChange = app.post(app.token("bob"), jar.header());
            jar.store(app.delete(jar.header()));
            jar.store(app.post(app.token("carol"), jar.header()));
            assertSignedIn("carol");

            jar.store(lateChange);

            assertNobody();
        }

        @Test
        void aLateAnswerNeverBringsThePreviousUserBack() {
            jar.store(app.post(app.token("alice")));
            Answer late = app.post(later("alice"), jar.header());
            Answer change = app.post(app.token("bob"), jar.header());
            assertEquals(change.cookieValue(SWITCH), change.cookieValue(TWIN));
            jar.store(change);
            assertSignedIn("bob");

            jar.store(late);

            assertNobody();
            jar.store(app.post(later("bob"), jar.header()));
            assertSignedIn("bob");
        }

        @Test
        void inOrderTheLastOneCounts() {
            jar.store(app.post(app.token("alice")));
            jar.store(app.post(app.token("bob"), jar.header()));
            jar.store(app.post(app.token("alice"), jar.header()));

            assertSignedIn("alice");
        }

        @Test
        void aLateConfirmationRevivesNobody() {
            jar.store(app.post(app.token("alice")));
            Answer lateToken = app.post(later("alice"), jar.header());
            String bob = app.token("bob");
            jar.store(app.post(bob, jar.header()));
            Answer lateConfirmation = app.post(bob, jar.header());
            assertTrue(lateConfirmation.body().contains("\"changed\":false"), lateConfirmation::toString);

            jar.store(lateToken).store(lateConfirmation);

            assertNobody();
        }

        @Test
        void aConfirmationInOrderLeavesTheUserSignedIn() {
            String bob = app.token("bob");
            jar.store(app.post(app.token("alice"))).store(app.delete(jar.header()));
            jar.store(app.post(bob, jar.header()));

            jar.store(app.post(bob, jar.header()));

            assertSignedIn("bob");
        }

        @ParameterizedTest
        @ValueSource(strings = {"token", "expired token", "session", "mark", "mark that says out"})
        void isKnownByWhateverTheBrowserShows(String evidence) {
            String toBob = shown("alice", evidence);
            assertTrue(renews(app.post(app.token("bob"), toBob)));
            String toAnotherLogin = shown("alice", evidence);
            assertTrue(renews(app.post(app.token("alice", Map.of("sid", "s2")), toAnotherLogin)));
            String toTheSame = shown("alice", evidence);
            assertFalse(renews(app.post(app.token("alice"), toTheSame)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"junk", "", "be0acf5099d06a5d46c1643cea32c1b", "be0acf5099d06a5d46c1643cea32c1bx.1.in"})
        void isNotKnownByAMarkThatIsNone(String mark) {
            assertFalse(renews(app.post(app.token("bob"), cookies(MARK, mark))));
        }

        private static boolean renews(Answer answer) {
            assertEquals(200, answer.status(), answer::toString);
            assertTrue(answer.setCookie(GENERATION).isEmpty(), answer::toString);
            return answer.setCookie(SWITCH).isPresent();
        }

        /** Returns a Cookie header that shows this user in this way. */
        private String shown(String user, String evidence) {
            String token = app.token(user);
            CookieJar shown = new CookieJar();
            switch (evidence) {
                case "token" -> shown.store(app.post(token)).without(MARK);
                case "expired token" -> {
                    shown.store(app.post(token)).without(MARK);
                    app.clock.move(Duration.ofSeconds(121));
                }
                case "session" -> shown.store(app.get("/public/x?do=session", signedIn(token)));
                case "mark" -> shown.store(app.post(token)).without(COOKIE);
                default -> shown.store(app.delete(signedIn(token)));
            }
            return shown.header();
        }
    }

    @Nested
    class TheCookies {

        @Test
        void ofAnyoneWhoOnlyKeepsTheTokenAreEnough() {
            assertSees(app.get("/private/me", signedIn(app.token("alice"))), "user=alice");
        }

        @Test
        void mustAgreeOnceThereIsAGeneration() {
            String alice = app.token("alice");
            String now = jar.store(app.delete()).value(GENERATION);
            assertSees(app.get("/private/me", cookies(COOKIE, alice, GENERATION, now, TWIN, now)), "user=alice");
            for (String twin : List.of("0", PLANTED, "junk")) {
                String disagree = cookies(COOKIE, alice, GENERATION, now, TWIN, twin);
                assertEquals(401, app.get("/private/me", disagree).status(), twin);
            }
            String without = cookies(COOKIE, alice, GENERATION, now);
            assertEquals(401, app.get("/private/me", without).status());
            assertSees(app.get("/private/me", cookies(COOKIE, alice, TWIN, now)), "user=alice");
        }

        @Test
        void haveNoSayWhereABearerTokenSpeaks() {
            app.close();
            start(settings -> settings.bearer(true));
            String alice = app.token("alice");
            String dead = cookies(COOKIE, alice, GENERATION, PLANTED);

            assertSees(app.get("/private/me", dead, "Authorization: Bearer " + alice), "user=alice");
            assertEquals(401, app.get("/private/me", dead).status());
        }

        @Test
        void haveNoSayWhereTheProviderSetsTheToken() {
            app.close();
            start(settings -> settings.syncPath(""));

            assertSees(app.get("/private/me", cookies(COOKIE, app.token("alice"), GENERATION, PLANTED)), "user=alice");
        }

        @Test
        void areWrittenAsLongAsAnyLateAnswerCouldCount() {
            jar.store(app.post(app.token("alice")));
            Answer change = app.post(app.token("bob"), jar.header());

            assertEquals(
                    SWITCH + "=" + change.cookieValue(SWITCH)
                            + "; Path=/; Max-Age=90060; Secure; HttpOnly; SameSite=Lax",
                    change.headers("Set-Cookie").get(0));
            assertEquals(
                    TWIN + "=" + change.cookieValue(TWIN) + "; Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Lax",
                    change.headers("Set-Cookie").get(2));
        }

        @Test
        void ofALongTokenLiveAsLongAsItDoes() {
            app.close();
            start(settings -> settings.maxTokenLife(Duration.ofDays(30)));
            for (int seconds : new int[] {604_739, 604_740, 604_741}) {
                Answer answer = app.post(app.token("alice", Map.of("exp", app.clock.seconds() + seconds)));
                String expected = "; Max-Age=" + Math.max(604_800, seconds + 60) + ";";
                assertTrue(answer.setCookie(TWIN).orElseThrow().contains(expected), answer::toString);
            }
        }

        @Test
        void areNamedAfterTheTokens() {
            app.close();
            start(settings -> settings.cookieName("mine"));

            assertTrue(app.post(app.token("alice")).setCookie("mine-n").isPresent());
            assertTrue(app.delete().setCookie("mine-gen").isPresent());
        }
    }

    @Nested
    class ASignOut {

        @Test
        void makesANewGenerationWhateverThereWasToEnd() {
            jar.store(app.post(app.token("alice")));
            String refused = app.post("junk", jar.header()).header("Set-Cookie");
            String byTheScript = app.delete(jar.header()).cookieValue(GENERATION);
            String byTheApplication =
                    app.get("/private/me?do=logout", jar.header()).cookieValue(GENERATION);
            String ofNobody = app.delete().cookieValue(GENERATION);
            String byNobody = app.get("/public/x?do=logout").cookieValue(GENERATION);

            assertEquals(
                    4,
                    Set.copyOf(List.of(byTheScript, byTheApplication, ofNobody, byNobody))
                            .size());
            assertEquals("", refused);
            assertNotEquals("", jar.value(TWIN));
        }

        @Test
        void byTheApplicationLeavesALateAnswerDead() {
            jar.store(app.post(app.token("alice")));
            Answer late = app.post(later("alice"), jar.header());

            jar.store(app.get("/private/me?do=logout", jar.header())).store(late);

            assertNobody();
        }

        @Test
        void clearsTheTwin() {
            jar.store(app.post(app.token("alice")));

            Answer answer = app.delete(jar.header());

            assertEquals(
                    TWIN + "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
                    answer.setCookie(TWIN).orElseThrow());
            assertTrue(app.delete().setCookie(TWIN).isEmpty());
        }
    }

    @Nested
    class ADeadToken {

        @Test
        void isClearedForAPageAndNotForAFetch() {
            Answer late = app.post(app.token("alice"));
            jar.store(app.delete()).store(late);

            assertEquals("", app.get("/public/x", jar.header()).header("Set-Cookie"));
            jar.store(app.navigate("/public/x", jar.header()));

            assertEquals("", jar.value(COOKIE) + jar.value(TWIN) + jar.value(MARK));
            assertNotEquals("", jar.value(GENERATION));
        }

        @Test
        void thatIsClearedIsNotAnExpiredOneWhoseTwinStays() {
            jar.store(app.post(app.token("alice")));
            app.clock.move(Duration.ofSeconds(121));

            jar.store(app.navigate("/public/x", jar.header()));

            assertEquals("", jar.value(COOKIE) + jar.value(MARK));
            assertEquals("0", jar.value(TWIN));
        }

        @Test
        void isNobodyEvenWithoutKeys() {
            Answer late = app.post(app.token("alice"));
            jar.store(app.delete());
            Answer inTime = app.post(app.token("alice"), jar.header());
            app.keysAreDown = true;

            assertEquals(503, app.get("/private/me", jar.store(inTime).header()).status());
            assertEquals(401, app.get("/private/me", jar.store(late).header()).status());
        }
    }

    @Nested
    class ASiblingSubdomain {

        @Test
        void canEndALoginButTheNextPostBringsItBack() {
            jar.store(app.delete());
            jar.store(app.post(app.token("alice"), jar.header()));
            String planted = GENERATION + "=" + PLANTED;
            assertEquals(401, app.get("/private/me", jar.header(planted)).status());

            jar.store(app.post(later("alice"), jar.header(planted)));

            assertSees(app.get("/private/me", jar.header(planted)), "user=alice");
            assertSignedIn("alice");
        }

        @Test
        void cannotBringADeadTokenBack() {
            Answer late = app.post(app.token("alice"));
            jar.store(app.delete()).store(late);
            for (String planted : List.of(
                    GENERATION + "=junk",
                    GENERATION + "=",
                    GENERATION + "=" + PLANTED,
                    TWIN + "=" + PLANTED,
                    GENERATION + "=" + PLANTED + "; " + TWIN + "=" + PLANTED,
                    GENERATION + "=0; " + TWIN + "=0")) {
                Answer answer = app.get("/private/me", jar.header(planted));
                assertEquals(401, answer.status(), planted);
            }
        }

        @Test
        void cannotSpeakForABrowserThatSignedOut() {
            String attackers = app.token("mallory");
            jar.store(app.delete());

            Answer answer = app.get(
                    "/private/me",
                    jar.header(COOKIE + "=" + attackers, TWIN + "=" + PLANTED, GENERATION + "=" + PLANTED));

            assertEquals(401, answer.status());
        }

        @Test
        void doesNotOutliveASignOut() {
            String planted = GENERATION + "=" + PLANTED;
            jar.store(app.post(app.token("alice"), jar.header(planted)));
            assertSees(app.get("/private/me", jar.header(planted)), "user=alice");
            Answer late = app.post(later("alice"), jar.header(planted));

            jar.store(app.delete(jar.header(planted))).store(late);

            assertEquals(401, app.get("/private/me", jar.header(planted)).status());
        }
    }

    /** Returns a token that is later than any before it. */
    private String later(String user) {
        app.clock.move(Duration.ofSeconds(1));
        return app.token(user);
    }

    private void assertNobody() {
        Answer answer = app.get("/private/me", jar.header());
        assertEquals(401, answer.status(), answer::toString);
        assertSees(app.get("/public/x", jar.header()), "user=nobody");
    }

    private void assertSignedIn(String user) {
        assertSignedIn(user, jar);
    }

    private void assertSignedIn(String user, CookieJar cookies) {
        assertSees(app.get("/private/me", cookies.header()), "user=" + user);
    }

    private static void assertSees(Answer answer, String... lines) {
        for (String line : lines) {
            assertTrue(answer.body().contains(line + "\n"), answer::toString);
        }
    }
}
