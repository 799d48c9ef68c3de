// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.COOKIE;
import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.AuthChange;
import io.github.signinsync.AuthChange.Cause;
import io.github.signinsync.testing.RawHttp.Answer;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What becomes of a user's HttpSession: with an expired login, at sign-out, and when somebody else signs in. */
class LapsedSessionTest {

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
    class AnExpiredLogin {

        @Test
        void hidesTheSessionFromTheNextRequest() {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);
            app.clock.move(Duration.ofSeconds(121));

            Answer poll = app.get("/poll", signedIn(alice, session));

            assertEquals(200, poll.status());
            assertSees(poll, "user=nobody", "session=none", "valid=false", "work=null");
            assertEquals(List.of(), app.changes);
        }

        @Test
        void givesTheSessionBackUntouchedToTheSameLogin() {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);
            app.clock.move(Duration.ofSeconds(121));
            app.get("/poll", signedIn(alice, session));

            Answer back = app.get("/poll", signedIn(app.token("alice"), session));

            assertSees(back, "user=alice", "session=yes", "work=half a form");
            assertTrue(back.setCookie("JSESSIONID").isEmpty());
        }

        @Test
        void endsTheSessionWhenTheApplicationAsksForOneAndTellsSoOnce() {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);
            app.clock.move(Duration.ofSeconds(121));

            Answer page = app.get("/page?do=session", signedIn(alice, session));

            assertSees(page, "user=nobody", "session=yes", "work=null");
            assertFalse(page.cookieValue("JSESSIONID").startsWith(session));
            assertSignedOut(Cause.EXPIRED, "alice");
            Answer back = app.get("/page", signedIn(app.token("alice"), session));
            assertSees(back, "user=alice", "work=null");
            assertEquals(1, app.changes.size());
        }

        @Test
        void ofALostCookieIsTheSame() {
            String session = sessionWithWork(app.token("alice"));

            Answer poll = app.get("/poll", cookies("JSESSIONID", session));

            assertSees(poll, "user=nobody", "session=none");
        }

        @Test
        void isOverWhenTheLimitHasPassedAndNotASecondBefore() {
            String session = sessionWithWork(app.token("alice"));
            app.clock.move(Duration.ofSeconds(60 + 60 + 30 * 60 - 1));
            app.get("/poll", cookies("JSESSIONID", session));
            assertEquals(List.of(), app.changes);

            app.clock.move(Duration.ofSeconds(1));
            app.get("/poll", cookies("JSESSIONID", session));

            assertSignedOut(Cause.EXPIRED, "alice");
        }

        @Test
        void endsAtOnceWithALimitOfZero() {
            app.close();
            app = TestApplication.start(settings -> settings.lapsedLimit(Duration.ZERO));
            String session = sessionWithWork(app.token("alice"));

            app.get("/poll", cookies("JSESSIONID", session));

            assertSignedOut(Cause.EXPIRED, "alice");
        }

        @Test
        void staysHiddenAfterAnAsyncDispatchAndOnAnErrorPage() {
            String session = sessionWithWork(app.token("alice"));

            for (String action : List.of("async", "async-with-arguments", "send-error", "throw", "forward")) {
                Answer answer = app.get("/page?do=" + action, cookies("JSESSIONID", session));
                assertSees(answer, "user=nobody", "session=none", "work=null");
            }
        }

        @Test
        void staysHiddenOnAnIgnoredPath() {
            app.close();
            app = TestApplication.start(settings -> settings.ignoredPaths("/static/*"));
            String session = sessionWithWork(app.token("alice"));

            assertSees(app.get("/static/x", cookies("JSESSIONID", session)), "user=nobody", "session=none");
            assertSees(app.get("/static/x", signedIn(app.token("alice"), session)), "user=alice", "work=half a form");
        }

        @Test
        void staysHiddenAfterAnAsyncDispatchThatTheFilterIsNotMappedTo() {
            app.close();
            app = TestApplication.startMappedTo("/*", EnumSet.of(DispatcherType.REQUEST));
            String session = sessionWithWork(app.token("alice"));

            assertSees(
                    app.get("/x?do=async", cookies("JSESSIONID", session)),
                    "dispatch=ASYNC",
                    "session=none",
                    "work=null");
            assertSees(
                    app.get("/x?do=async", signedIn(app.token("alice"), session)),
                    "dispatch=ASYNC",
                    "user=alice",
                    "work=half a form");
        }

        @Test
        void keepsItsIdWhoeverAsksForAnother() {
            String session = sessionWithWork(app.token("alice"));

            Answer refused = app.get("/page?do=change-id", cookies("JSESSIONID", session));

            assertEquals(500, refused.status());
            assertTrue(refused.setCookie("JSESSIONID").isEmpty());
            assertSees(app.get("/page", signedIn(app.token("alice"), session)), "user=alice", "work=half a form");
        }

        @Test
        void ofWhichNothingCanBeReadIsNobodys() {
            String session = app.get("/page?do=scribble").cookieValue("JSESSIONID");

            assertSees(app.get("/page", signedIn(app.token("alice"), session)), "user=alice", "session=none");
            assertEquals(List.of(), app.changes);
        }

        @Test
        void staysHiddenBehindAForwardFromWhereTheFilterIsNotMapped() {
            app.close();
            app = TestApplication.startMappedTo("/forwarded", EnumSet.allOf(DispatcherType.class));
            String session = app.get("/forwarded?do=work&value=w", signedIn(app.token("alice")))
                    .cookieValue("JSESSIONID");

            assertSees(app.get("/x?do=forward", cookies("JSESSIONID", session)), "user=nobody", "work=null");
            assertSees(app.get("/x?do=forward", signedIn(app.token("alice"), session)), "user=alice", "work=w");
        }

        @Test
        void doesNotEndWhenAPersonOpensAPageThatMustHaveASession() {
            app.close();
            app = TestApplication.start(settings -> settings.loginPage("/login"));
            String session = sessionWithWork(app.token("alice"));
            app.clock.move(Duration.ofMinutes(20));
            assertEquals(
                    302,
                    app.navigate("/private/x", cookies("JSESSIONID", session)).status());

            Answer login = app.navigate("/login?do=work&value=none", cookies("JSESSIONID", session));

            assertSees(login, "user=nobody", "session=yes", "work=none");
            assertTrue(login.setCookie("JSESSIONID").isEmpty());
            assertEquals(List.of(), app.changes);
            assertSees(app.get("/page", signedIn(app.token("alice"), session)), "user=alice", "work=half a form");
        }

        @Test
        void doesNotEndBecauseAnotherSiteMakesTheBrowserAsk() {
            String session = sessionWithWork(app.token("alice"));

            for (String site : List.of("cross-site", "same-site")) {
                app.get("/page?do=session", "Sec-Fetch-Site: " + site, cookies("JSESSIONID", session));
                app.request("POST", "/page?do=session", "", "Sec-Fetch-Site: " + site, cookies("JSESSIONID", session));
            }
            assertEquals(List.of(), app.changes);

            app.get("/page?do=session", "Sec-Fetch-Site: same-origin", cookies("JSESSIONID", session));
            assertSignedOut(Cause.EXPIRED, "alice");
        }
    }

    @Nested
    class ASignOut {

        @Test
        void takesTheSessionWithItAndTellsSoOnce() {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);

            app.delete(signedIn(alice, session));
            app.delete(signedIn(alice, session));

            assertSignedOut(Cause.SIGNED_OUT, "alice");
            assertSees(app.get("/page", cookies("JSESSIONID", session)), "session=none", "work=null");
        }

        @Test
        void ofALapsedLoginTakesTheHiddenSessionWithIt() {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);
            app.clock.move(Duration.ofSeconds(121));
            app.get("/poll", signedIn(alice, session));

            app.delete(cookies("JSESSIONID", session));

            assertSignedOut(Cause.SIGNED_OUT, "alice");
            app.clock.move(Duration.ofSeconds(1));
            assertSees(app.get("/page", signedIn(app.token("alice"), session)), "user=alice", "work=null");
        }

        @Test
        void byTheApplicationIsTheSame() {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);

            Answer answer = app.get("/page?do=logout", signedIn(alice, session));

            assertSees(answer, "user=nobody", "remote=null", "auth=null", "admin=false", "session=none");
            assertTrue(answer.setCookie(COOKIE).orElseThrow().contains("Max-Age=0"));
            assertSignedOut(Cause.SIGNED_OUT, "alice");
        }

        @Test
        void byTheApplicationAfterTheLoginExpiredIsTheSame() {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);
            app.clock.move(Duration.ofSeconds(121));

            app.get("/page?do=logout", signedIn(alice, session));

            assertSignedOut(Cause.SIGNED_OUT, "alice");
            app.clock.move(Duration.ofSeconds(1));
            assertSees(app.get("/page", signedIn(app.token("alice"), session)), "user=alice", "work=null");
        }

        @Test
        void byTheApplicationHoldsEvenIfKeysAreLostMeanwhile() throws Exception {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);
            CompletableFuture<Answer> held =
                    CompletableFuture.supplyAsync(() -> app.get("/page?do=hold-then-logout", signedIn(alice, session)));
            EchoServlet.HELD.acquire();
            app.keysAreDown = true;
            EchoServlet.RELEASED.release();
            held.get();
            app.keysAreDown = false;

            assertEquals(401, app.get("/private/x", signedIn(alice)).status());
        }

        @Test
        void isToldAlthoughAnAttributeOfTheSessionThrows() {
            String alice = app.token("alice");
            String session =
                    app.get("/page?do=throws-when-unbound", signedIn(alice)).cookieValue("JSESSIONID");

            assertEquals(200, app.delete(signedIn(alice, session)).status());

            assertSignedOut(Cause.SIGNED_OUT, "alice");
        }

        @Test
        void byTheApplicationWithoutASessionHoldsEvenIfKeysAreLostMeanwhile() throws Exception {
            String alice = app.token("alice");
            CompletableFuture<Answer> held =
                    CompletableFuture.supplyAsync(() -> app.get("/page?do=hold-then-logout", signedIn(alice)));
            EchoServlet.HELD.acquire();
            app.keysAreDown = true;
            EchoServlet.RELEASED.release();
            held.get();
            app.keysAreDown = false;

            assertEquals(401, app.get("/private/x", signedIn(alice)).status());
            assertSignedOut(Cause.SIGNED_OUT, "alice");
        }

        @Test
        void leavesASessionAloneThatWasNobodys() {
            String session = app.get("/page?do=work&value=cart").cookieValue("JSESSIONID");

            app.delete(cookies("JSESSIONID", session));

            assertSees(app.get("/page", cookies("JSESSIONID", session)), "work=cart");
            assertEquals(List.of(), app.changes);
        }
    }

    @Nested
    class ASignIn {

        @Test
        void keepsAnAnonymousSessionUnderANewId() {
            String session = app.get("/page?do=work&value=cart").cookieValue("JSESSIONID");
            String alice = app.token("alice");

            Answer answer = app.post(alice, cookies("JSESSIONID", session));

            String renewed = answer.cookieValue("JSESSIONID");
            assertFalse(renewed.equals(session));
            assertSees(app.get("/page", signedIn(alice, renewed)), "user=alice", "work=cart");
            assertSees(app.get("/page", cookies("JSESSIONID", session)), "session=none");
        }

        @Test
        void underAnotherSessionAtTheIssuerKeepsTheWorkUnderANewId() {
            String session = sessionWithWork(app.token("alice"));
            String again = app.token("alice", Map.of("sid", "s2"));

            Answer answer = app.get("/page", signedIn(again, session));

            assertSees(answer, "user=alice", "work=half a form");
            assertFalse(answer.cookieValue("JSESSIONID").equals(session));
        }

        @Test
        @DisplayName("C11 user switch: another user never sees the session of the one before")
        void ofAnotherUserReplacesTheSession() {
            String session = sessionWithWork(app.token("alice"));

            Answer answer = app.get("/page", signedIn(app.token("bob"), session));

            assertSees(answer, "user=bob", "session=none", "work=null");
            assertSignedOut(Cause.REPLACED, "alice");
        }

        @Test
        void ofAnotherUserThroughTheEndpointTellsBothChanges() {
            String alice = app.token("alice");
            String session = sessionWithWork(alice);

            app.post(app.token("bob"), signedIn(alice, session));

            assertEquals(2, app.changes.size());
            AuthChange.SignedOut out = assertInstanceOf(AuthChange.SignedOut.class, app.changes.get(0));
            AuthChange.SignedIn in = assertInstanceOf(AuthChange.SignedIn.class, app.changes.get(1));
            assertEquals("alice", out.identity().subject());
            assertEquals(Cause.REPLACED, out.cause());
            assertEquals("bob", in.principal().getName());
        }

        @Test
        void neverMakesASessionUnlessToldTo() {
            assertSees(app.get("/page", signedIn(app.token("alice"))), "user=alice", "session=none");
            app.close();
            app = TestApplication.start(settings ->
                    settings.httpSession(io.github.signinsync.config.SigninSyncConfig.HttpSessionBinding.CREATE));
            assertSees(app.get("/page", signedIn(app.token("alice"))), "user=alice", "session=yes");
        }
    }

    @Nested
    class AnAnonymousSession {

        @Test
        void isTheApplicationsOwn() {
            String session = app.get("/page?do=work&value=cart").cookieValue("JSESSIONID");
            assertSees(app.get("/page", cookies("JSESSIONID", session)), "valid=true", "work=cart");

            String renewed = app.get("/page?do=change-id", cookies("JSESSIONID", session))
                    .cookieValue("JSESSIONID");

            assertFalse(renewed.equals(session));
            assertSees(app.get("/page", cookies("JSESSIONID", renewed)), "work=cart");
        }

        @Test
        void thatTakesThePlaceOfAnUnknownOneDoesNotMakeItsIdValid() {
            assertSees(app.get("/page?do=session", cookies("JSESSIONID", "unknown")), "session=yes", "valid=false");
        }
    }

    private String sessionWithWork(String token) {
        return app.get("/page?do=work&value=half%20a%20form", signedIn(token)).cookieValue("JSESSIONID");
    }

    private void assertSignedOut(Cause cause, String subject) {
        assertEquals(1, app.changes.size(), () -> app.changes.toString());
        AuthChange.SignedOut out = assertInstanceOf(AuthChange.SignedOut.class, app.changes.get(0));
        assertEquals(cause, out.cause());
        assertEquals(subject, out.identity().subject());
    }

    private static void assertSees(Answer answer, String... lines) {
        for (String line : lines) {
            assertTrue(answer.body().contains(line + "\n"), () -> line + " is not in:\n" + answer);
        }
    }
}
