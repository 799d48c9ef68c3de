// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.COOKIE;
import static io.github.signinsync.servlet.TestApplication.KEYS;
import static io.github.signinsync.servlet.TestApplication.MARK;
import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.github.signinsync.AuthChange;
import io.github.signinsync.Revocations;
import io.github.signinsync.testing.RawHttp;
import io.github.signinsync.testing.RawHttp.Answer;
import io.github.signinsync.testing.TestIssuer;
import jakarta.servlet.DispatcherType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a request through the filter, in a real container, as text. */
class SigninSyncFilterTest {

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
    class TheUser {

        @Test
        void answersEveryQuestionAlike() {
            Answer answer =
                    app.get("/private/me", signedIn(app.token("alice", Map.of("roles", List.of("admin", "editor")))));

            assertEquals(200, answer.status());
            assertSees(answer, "user=alice", "remote=alice", "auth=SIGNIN_SYNC", "admin=true");
        }

        @Test
        void hasOnlyTheRolesOfTheClaim() {
            assertSees(
                    app.get("/private/me", signedIn(app.token("alice", Map.of("roles", List.of("administrator"))))),
                    "admin=false");
            assertSees(
                    app.get("/private/me", signedIn(app.token("alice", Map.of("roles", "editor admin")))),
                    "admin=true");
            assertSees(
                    app.get("/private/me", signedIn(app.token("alice", Map.of("roles", Map.of("admin", 1))))),
                    "admin=false");
        }

        @Test
        void isNamedByTheConfiguredClaimAndKnownByTheNestedRoles() {
            app.close();
            app = TestApplication.start(settings -> settings.nameClaim("email").rolesClaim("realm_access.roles"));
            Map<String, Object> claims =
                    Map.of("email", "alice@example.com", "realm_access", Map.of("roles", List.of("admin")));

            assertSees(
                    app.get("/private/me", signedIn(app.token("alice", claims))),
                    "user=alice@example.com",
                    "admin=true");
            assertSees(app.get("/private/me", signedIn(app.token("alice"))), "user=alice", "admin=false");
        }

        @Test
        @DisplayName("C10 forward: the user is there on the far side, and in an include")
        void survivesForwardAndInclude() {
            assertSees(
                    app.get("/private/me?do=forward", signedIn(app.token("alice"))), "dispatch=FORWARD", "user=alice");
            assertSees(
                    app.get("/private/me?do=include", signedIn(app.token("alice"))), "dispatch=INCLUDE", "user=alice");
        }

        @ParameterizedTest
        @ValueSource(strings = {"async", "async-with-arguments"})
        @DisplayName("C08 async dispatch: the user is there on the far side")
        void survivesAsyncDispatch(String action) {
            assertSees(
                    app.get("/private/me?do=" + action, signedIn(app.token("alice"))), "dispatch=ASYNC", "user=alice");
        }

        @Test
        void isThereOnAnErrorPageThatTheRequestComesToFromOutsideTheFilter() {
            app.close();
            app = TestApplication.startMappedTo("/error-page", EnumSet.allOf(DispatcherType.class));

            assertSees(app.get("/x?do=send-error", signedIn(app.token("alice"))), "dispatch=ERROR", "user=alice");
        }

        @Test
        void staysUnaskedForBehindAForwardFromAnIgnoredPath() {
            app.close();
            app = TestApplication.start(settings -> settings.ignoredPaths("/static/*"));

            assertSees(
                    app.get("/static/x?do=forward", signedIn(app.token("alice"))), "dispatch=FORWARD", "user=nobody");
        }

        @ParameterizedTest
        @ValueSource(strings = {"send-error", "throw"})
        @DisplayName("C09 error dispatch: the error page sees the user")
        void survivesErrorDispatch(String action) {
            Answer answer = app.get("/private/me?do=" + action, signedIn(app.token("alice")));

            assertEquals(500, answer.status());
            assertSees(answer, "dispatch=ERROR", "user=alice");
        }

        @Test
        @DisplayName("C13 pooled thread: nothing of a user is left behind on it")
        void leavesNothingBehind() {
            app.get("/private/me?do=throw", signedIn(app.token("alice")));
            for (int i = 0; i < 20; i++) {
                assertSees(app.get("/public/page"), "user=nobody");
                assertOut(app.get("/private/me"));
            }
        }

        @Test
        @DisplayName("C07 spoofed headers say nothing")
        void isNotWhoAHeaderSays() {
            assertOut(app.get(
                    "/private/me", "X-User: root", "X-Auth-Subject: root", "Remote-User: root", "X-Remote-User: root"));
            assertSees(
                    app.get("/private/me", signedIn(app.token("alice")), "X-User: root", "Remote-User: root"),
                    "user=alice");
        }

        @Test
        void isReadFromABearerTokenOnlyWhenToldTo() {
            String bearer = "Authorization: Bearer " + app.token("alice");
            assertOut(app.get("/private/me", bearer));
            app.close();
            app = TestApplication.start(settings -> settings.bearer(true));

            assertSees(app.get("/private/me", "Authorization: bearer " + app.token("alice")), "user=alice");
            assertSees(
                    app.get("/private/me", "Authorization: Bearer " + app.token("bob"), signedIn(app.token("alice"))),
                    "user=bob");
            assertSees(app.get("/private/me", "Authorization: Basic YTpi", signedIn(app.token("alice"))), "user=alice");
            assertOut(app.get("/private/me", "Authorization: Bearer junk", signedIn(app.token("alice"))));
            String expired =
                    app.token("alice", Map.of("iat", app.clock.seconds() - 400, "exp", app.clock.seconds() - 300));
            Answer page = app.navigate("/private/me", "Authorization: Bearer " + expired, signedIn(app.token("alice")));
            assertEquals(List.of(), page.headers("Set-Cookie"));
        }
    }

    @Nested
    class ACookie {

        @Test
        @DisplayName("C01 no cookie and an empty one are nobody: 401 where a user is needed, anonymous elsewhere")
        void missingOrEmptyIsNobody() {
            assertOut(app.get("/private/me"));
            assertOut(app.get("/private/me", cookies(COOKIE, "")));
            assertSees(app.get("/public/page"), "user=nobody");
            assertSees(app.get("/public/page", cookies(COOKIE, "")), "user=nobody");
        }

        @Test
        @DisplayName("C02 two users in cookies of one name are nobody; two tokens of one user are that user")
        void ofTwoUsersIsNobody() {
            String alice = app.token("alice");
            assertOut(app.get("/private/me", cookies(COOKIE, app.token("bob"), COOKIE, alice)));
            assertOut(app.get("/private/me", cookies(COOKIE, alice, COOKIE, app.token("bob"))));
            String later = app.token("alice", Map.of("exp", app.clock.seconds() + 90));
            assertSees(app.get("/private/me", cookies(COOKIE, alice, COOKIE, later)), "user=alice");
        }

        @Test
        void besideJunkOfTheSameNameStillCounts() {
            String alice = app.token("alice");
            assertSees(app.get("/private/me", cookies(COOKIE, "junk", COOKIE, alice)), "user=alice");
            assertSees(app.get("/private/me", cookies(COOKIE, "a", COOKIE, "b", COOKIE, alice)), "user=alice");
            assertOut(app.get("/private/me", cookies(COOKIE, "a", COOKIE, "b", COOKIE, "c", COOKIE, alice)));
        }

        @Test
        void ofTwoUsersIsNobodyWhateverComesAfter() {
            String alice = app.token("alice");
            String later = app.token("alice", Map.of("exp", app.clock.seconds() + 90));

            assertOut(app.get("/private/me", cookies(COOKIE, app.token("bob"), COOKIE, alice, COOKIE, later)));
        }

        @Test
        void ofTwoLoginsOfOneUserIsThatUser() {
            String other = app.token("alice", Map.of("sid", "s2"));
            assertSees(app.get("/private/me", cookies(COOKIE, app.token("alice"), COOKIE, other)), "user=alice");
        }

        @Test
        void besideAWorseOneOfTheSameNameIsWhatCounts() {
            app.close();
            app = TestApplication.start(
                    1,
                    settings -> {},
                    claims -> {
                        if (claims.containsKey("broken")) {
                            throw new IllegalStateException("roles");
                        }
                        return Set.of();
                    },
                    null);
            String revoked = app.token("alice");
            app.delete(signedIn(revoked));
            app.clock.move(Duration.ofSeconds(1));
            String good = app.token("alice");
            String unknowable = app.token("alice", Map.of("broken", true));
            String expired =
                    app.token("alice", Map.of("iat", app.clock.seconds() - 400, "exp", app.clock.seconds() - 300));
            // From best to worst.
            List<String> tokens = List.of(good, unknowable, revoked, expired, "junk");
            for (int better = 0; better < tokens.size(); better++) {
                for (int worse = better + 1; worse < tokens.size(); worse++) {
                    String best = tokens.get(better);
                    String other = tokens.get(worse);
                    assertWorth(better, app.navigate("/private/me", cookies(COOKIE, best, COOKIE, other)));
                    assertWorth(better, app.navigate("/private/me", cookies(COOKIE, other, COOKIE, best)));
                }
            }
        }

        private void assertWorth(int rank, Answer answer) {
            int status = rank == 0 ? 200 : rank == 1 ? 503 : 401;
            boolean cleared = rank == 2 || rank == 3;
            assertEquals(status, answer.status(), answer::toString);
            assertEquals(cleared, answer.setCookie(COOKIE).isPresent(), answer::toString);
        }

        @Test
        void thatIsRevokedEndsTheSessionAlsoBesideOneThatExpired() {
            AtomicBoolean revoked = new AtomicBoolean();
            app.close();
            app = TestApplication.start(1, settings -> {}, null, mock(Revocations.class, call -> revoked.get()));
            String expired =
                    app.token("alice", Map.of("iat", app.clock.seconds() - 400, "exp", app.clock.seconds() - 300));
            String alice = app.token("alice");
            for (String both :
                    List.of(cookies(COOKIE, alice, COOKIE, expired), cookies(COOKIE, expired, COOKIE, alice))) {
                revoked.set(false);
                app.changes.clear();
                String session =
                        app.get("/private/me?do=session", signedIn(alice)).cookieValue("JSESSIONID");
                revoked.set(true);

                Answer answer = app.get("/private/me", both + "; JSESSIONID=" + session);

                assertOut(answer);
                assertEquals("SigninSync", answer.header("WWW-Authenticate"));
                assertEquals(1, app.changes.size(), app.changes::toString);
                assertEquals(AuthChange.Cause.REVOKED, ((AuthChange.SignedOut) app.changes.get(0)).cause());
            }
        }

        @Test
        @DisplayName("C03 a 64 KB cookie is refused by somebody, and the next request is served")
        void tooLongForTheContainerIsRefused() {
            Answer answer = app.get("/private/me", cookies(COOKIE, "a".repeat(65_536)));

            assertTrue(answer.status() >= 400 && answer.status() <= 431, answer::toString);
            assertSees(app.get("/private/me", signedIn(app.token("alice"))), "user=alice");
        }

        @Test
        @DisplayName("C04 a control byte in another cookie is refused or ignored")
        void besideAControlByte() {
            Answer answer = app.get("/private/me", "Cookie: x=a\u0001b; " + COOKIE + "=" + app.token("alice"));

            assertTrue(answer.status() == 400 || answer.body().contains("user=alice"), answer::toString);
        }

        @Test
        void isFoundByItsExactNameOnly() {
            String alice = app.token("alice");
            assertOut(app.get("/private/me", cookies("__HOST-signin", alice)));
            assertOut(app.get("/private/me", cookies("signin", alice)));
            assertOut(app.get("/private/me", cookies(COOKIE + "2", alice)));
        }

        @Test
        @DisplayName("C12 an expired token beside a live HttpSession is nobody")
        void expiredBesideALiveSessionIsNobody() {
            String alice = app.token("alice");
            String session = app.get("/private/me?do=session", signedIn(alice)).cookieValue("JSESSIONID");
            assertSees(app.get("/private/me", signedIn(alice, session)), "user=alice");
            app.clock.move(Duration.ofMinutes(2));

            Answer answer = app.get("/private/me", signedIn(alice, session));

            assertOut(answer);
            assertEquals("SigninSync error=\"expired\"", answer.header("WWW-Authenticate"));
            app.clock.move(Duration.ofMinutes(30));
            assertEquals(
                    "SigninSync error=\"expired\"",
                    app.get("/private/me", signedIn(alice, session)).header("WWW-Authenticate"));
        }

        @Test
        void isClearedWhenExpiredOnlyForAPage() {
            String alice = app.token("alice");
            app.clock.move(Duration.ofMinutes(2));

            assertEquals(List.of(), app.get("/public/x", signedIn(alice)).headers("Set-Cookie"));
            List<String> cleared = app.navigate("/public/x", cookies(COOKIE, alice, MARK, "x.1.in"))
                    .headers("Set-Cookie");

            assertEquals(
                    List.of(
                            "__Host-signin=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
                            "__Host-signin-mark=; Path=/; Max-Age=0; Secure; SameSite=Lax"),
                    cleared);
        }

        @Test
        void isNeverClearedBecauseItIsInvalidOrKeysAreMissing() {
            String alice = app.token("alice");
            assertEquals(List.of(), app.navigate("/public/x", signedIn("a.b.c")).headers("Set-Cookie"));
            app.keysAreDown = true;
            assertEquals(List.of(), app.navigate("/private/x", signedIn(alice)).headers("Set-Cookie"));
        }

        @Test
        void ofTheProviderIsNeverWrittenOrCleared() {
            app.close();
            app = TestApplication.start(
                    settings -> settings.cookieName("__session").syncPath(""));
            String alice = app.token("alice");
            assertSees(app.get("/private/me", cookies("__session", alice)), "user=alice");
            for (String path : List.of("/session", "/signin-sync.js", "/signin-sync/session")) {
                assertSees(app.get(path), "dispatch=REQUEST");
            }
            assertEquals(
                    List.of(),
                    app.get("/private/me?do=logout", cookies("__session", app.token("bob")))
                            .headers("Set-Cookie"));
            app.clock.move(Duration.ofMinutes(2));

            Answer answer = app.navigate("/private/me", cookies("__session", alice));

            assertEquals(List.of(), answer.headers("Set-Cookie"));
        }
    }

    @Nested
    class Keys {

        @Test
        void thatCannotBeHadAre503WhereAUserIsNeededAndAnonymousElsewhere() {
            app.keysAreDown = true;

            Answer answer = app.get("/private/me", signedIn(app.token("alice")));

            assertEquals(503, answer.status());
            assertFalse(answer.header("Retry-After").isEmpty());
            assertEquals(List.of(), answer.headers("Set-Cookie"));
            assertSees(app.get("/public/page", signedIn(app.token("alice"))), "user=nobody");
            assertSees(app.get("/public/page"), "user=nobody");
        }

        @Test
        void thatCannotBeHadKeepABoundSessionFromEverybodyAndLoseNothing() {
            String alice = app.token("alice");
            String session =
                    app.get("/public/page?do=work&value=w", signedIn(alice)).cookieValue("JSESSIONID");
            app.keysAreDown = true;

            assertEquals(503, app.get("/public/page", signedIn(alice, session)).status());
            app.keysAreDown = false;

            assertSees(app.get("/public/page", signedIn(alice, session)), "user=alice", "work=w");
            assertEquals(List.of(), app.changes);
        }

        @Test
        @DisplayName("B13 a header that names an EC key for RS256 is a plain 401")
        void ofAnotherKindAreRefused() {
            String payload = "{\"iss\":\"" + TestApplication.ISSUER + "\",\"sub\":\"alice\",\"exp\":"
                    + (app.clock.seconds() + 60) + "}";
            assertOut(app.get("/private/me", signedIn(KEYS.sign("k1", "{\"alg\":\"RS256\",\"kid\":\"e1\"}", payload))));
        }
    }

    @Nested
    class AnAnswer {

        @Test
        @DisplayName("C14 answers to users and refusals are stored by no cache and vary by cookie")
        void isNotCached() {
            for (Answer answer :
                    List.of(app.get("/private/me", signedIn(app.token("alice"))), app.get("/private/me"))) {
                assertEquals("no-store", answer.header("Cache-Control"));
                assertTrue(answer.header("Vary").contains("Cookie"), answer::toString);
            }
            app.keysAreDown = true;
            assertEquals(
                    "no-store",
                    app.get("/private/me", signedIn(app.token("alice"))).header("Cache-Control"));
        }

        @Test
        void toNobodyIsTheApplicationsToCache() {
            assertEquals("", app.get("/public/x").header("Cache-Control"));
        }

        @Test
        void toARefusalNamesBearerTokensWhereThoseAreRead() {
            assertEquals("SigninSync", app.get("/private/me").header("WWW-Authenticate"));
            app.close();
            app = TestApplication.start(settings -> settings.bearer(true));
            assertEquals("SigninSync, Bearer", app.get("/private/me").header("WWW-Authenticate"));
        }

        @Test
        void toARefusedNavigationMayLeadToAnotherHostsSignInPageWithoutAReturn() {
            app.close();
            app = TestApplication.start(settings -> settings.loginPage("https://accounts.example/sign-in"));

            assertEquals(
                    "https://accounts.example/sign-in",
                    app.navigate("/private/me?x=1").header("Location"));
        }

        @Test
        void onAnErrorPageIsNotCachedEither() {
            Answer answer = app.get("/private/me?do=send-error", signedIn(app.token("alice")));

            assertEquals(500, answer.status());
            assertEquals("no-store", answer.header("Cache-Control"));
            assertTrue(answer.header("Vary").contains("Cookie"), answer::toString);
        }

        @Test
        void mayBeCachedWhereTheApplicationSaysSoOrThePathIsIgnored() {
            assertEquals(
                    "public, max-age=60",
                    app.get("/private/me?do=cacheable", signedIn(app.token("alice")))
                            .header("Cache-Control"));
            app.close();
            app = TestApplication.start(settings -> settings.ignoredPaths("/static/*"));
            assertEquals("", app.get("/static/x", signedIn(app.token("alice"))).header("Cache-Control"));
        }

        @Test
        void toARefusedFetchIsNeverARedirect() {
            app.close();
            app = TestApplication.start(settings -> settings.loginPage("/sign-in"));

            assertOut(app.get("/private/me"));
            assertOut(app.request("POST", "/private/me", "x=1", "Content-Type: application/x-www-form-urlencoded"));
        }

        @Test
        void toARefusedNavigationLeadsToTheSignInPageAndBack() {
            app.close();
            app = TestApplication.start(
                    settings -> settings.loginPage("/sign-in").requiredPaths("/*"));

            Answer answer = app.navigate("/private/me?x=1&y=%2F");

            assertEquals(302, answer.status());
            assertEquals("/sign-in?return=%2Fprivate%2Fme%3Fx%3D1%26y%3D%252F", answer.header("Location"));
            assertSees(app.navigate("/sign-in?return=x"), "user=nobody");
            assertEquals(
                    401, app.navigate("/private/me", "Sec-Purpose: prefetch").status());
        }

        @Test
        void toARefusedNavigationWithoutASignInPageIsAPageThatSaysSo() {
            Answer answer = app.navigate("/private/me");

            assertEquals(401, answer.status());
            assertTrue(answer.body().contains("<p>Sign in to see this page.</p>"), answer::toString);
            assertEquals("text/html;charset=utf-8", answer.header("Content-Type"));
            assertEquals("SigninSync", answer.header("WWW-Authenticate"));
        }

        @Test
        void toAPreflightIsTheApplications() {
            Answer answer = app.request(
                    "OPTIONS",
                    "/private/me",
                    "",
                    "Origin: https://other.example",
                    "Access-Control-Request-Method: POST");
            assertEquals(200, answer.status());
            assertOut(app.request("OPTIONS", "/private/me", ""));
            assertOut(app.request("BREW", "/private/me", ""));
        }
    }

    @Nested
    class APath {

        @Test
        void thatTheApplicationForwardsToIsItsOwnAffair() {
            for (String inside : List.of("/private/me", "/signin-sync/session", "/signin-sync/signin-sync.js")) {
                assertSees(app.get("/public/x?do=forward&to=" + inside), "dispatch=FORWARD", "user=nobody");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/private/me;jsessionid=1",
                    "/private;x=1/me",
                    "/public/%2e%2e/private/me",
                    "/public/../private/me",
                    "//private/me",
                    "/public/..;/private/me",
                    "/./private/me",
                    "/private%2fme",
                    "/private//me",
                    "/public/%2e%2e;/private/me",
                    "/%70rivate/me",
                    "/private/x.css",
                    "/private/me/",
                    "/private/me%00",
                    "/public\\..\\private\\me",
                    "http://localhost/private/me",
                    "/private"
                })
        @DisplayName("C05 no spelling of a required path gets in without a user")
        void spelledOddlyGetsNobodyIn(String path) {
            Answer answer = app.get(path);

            assertTrue(answer.status() >= 400 && answer.status() < 500, answer::toString);
            assertFalse(answer.body().contains("dispatch=REQUEST"), answer::toString);
        }

        @Test
        void thatIsRequiredExactlyIsRequiredWithOneSlashMoreToo() {
            app.close();
            app = TestApplication.start(settings -> settings.requiredPaths("/account"));

            assertOut(app.get("/account"));
            assertOut(app.get("/account/"));
            assertEquals(200, app.get("/accounts").status());
        }

        @Test
        void ofTheSignInPageIsOpenAsAFolderToo() {
            app.close();
            app = TestApplication.start(settings -> settings.requiredPaths("/*").loginPage("/sign-in"));

            assertEquals(200, app.navigate("/sign-in").status());
            assertEquals(200, app.navigate("/sign-in/").status());
            assertEquals(302, app.navigate("/sign-in/x").status());
        }

        @Test
        void thatIsTooLongToComeBackToIsLeftOut() {
            app.close();
            app = TestApplication.start(settings -> settings.loginPage("/sign-in"));

            Answer answer = app.navigate("/private/me?x=" + "&".repeat(6_000));

            assertEquals(302, answer.status());
            assertEquals("/sign-in", answer.header("Location"));
            // "/private/me?x=" is 22 characters when encoded, and each "&" is three.
            String longest = app.navigate("/private/me?x=" + "a".repeat(1_978)).header("Location");
            assertEquals("/sign-in?return=".length() + 2_000, longest.length());
            for (String tooLong : List.of("a".repeat(1_979), "&".repeat(660))) {
                assertEquals(
                        "/sign-in", app.navigate("/private/me?x=" + tooLong).header("Location"));
            }
        }

        @Test
        void withASessionIdInItIsStillPublic() {
            assertSees(app.get("/public/page;jsessionid=1"), "user=nobody");
        }

        @Test
        void thatIsIgnoredIsIgnoredInItsOwnSpellingOnly() {
            app.close();
            app = TestApplication.start(settings -> settings.requiredPaths("/*").ignoredPaths("/static/*", "/health"));

            assertEquals(200, app.get("/static/a.css").status());
            assertEquals(200, app.get("/health").status());
            assertOut(app.get("/healthy"));
            assertOut(app.get("/health/x"));
            assertOut(app.get("/STATIC/a.css"));
            for (String path :
                    List.of("/static/../me", "/static/%2e%2e/me", "/static/..;/me", "/static;/../me", "/static//me")) {
                Answer answer = app.get(path);
                assertTrue(answer.status() >= 400 && answer.status() < 500, path + " " + answer);
            }
        }
    }

    @Nested
    class TwoInstallations {

        @Test
        void decideOnceAndDoNoHarm() {
            app.close();
            app = TestApplication.start(2, settings -> {});
            String alice = app.token("alice");
            String session =
                    app.get("/private/me?do=work&value=w", signedIn(alice)).cookieValue("JSESSIONID");

            assertSees(app.get("/private/me", signedIn(alice, session)), "user=alice", "work=w");
            assertOut(app.get("/private/me"));
            app.delete(signedIn(alice, session));
            assertEquals(1, app.changes.size());
            assertSees(app.get("/public/x", cookies("JSESSIONID", session)), "session=none");
        }

        @Test
        void askTheApplicationOnceForARequestAndAllItsDispatches() {
            AtomicInteger asked = new AtomicInteger();
            app.close();
            app = TestApplication.start(
                    2,
                    settings -> {},
                    claims -> {
                        asked.incrementAndGet();
                        return Set.of("admin");
                    },
                    null);

            for (String action : List.of("", "forward", "include", "async", "send-error")) {
                asked.set(0);
                assertSees(app.get("/private/me?do=" + action, signedIn(app.token("alice"))), "admin=true");
                assertEquals(1, asked.get(), action);
            }
        }

        @Test
        void writeEachCookieOnceWhenTheApplicationSignsOut() {
            app.close();
            app = TestApplication.start(2, settings -> {});

            Answer answer = app.get("/private/me?do=logout", signedIn(app.token("alice")));

            assertSees(answer, "user=nobody");
            assertEquals(3, answer.headers("Set-Cookie").size(), answer::toString);
        }

        @Test
        void withSettingsOfTheirOwnEachDecideForThemselves() {
            app.close();
            app = TestApplication.start(
                    List.of(settings -> settings.cookieName("first").requiredPaths(), settings -> {}), null, null);

            assertSees(app.get("/private/me", signedIn(app.token("alice"))), "user=alice");
            assertOut(app.get("/private/me", cookies("first", app.token("alice"))));
        }
    }

    @Nested
    class AnExtension {

        @Test
        void thatThrowsWhileTellingRolesMeansTryLater() {
            app.close();
            app = TestApplication.start(
                    1,
                    settings -> {},
                    claims -> {
                        throw new IllegalStateException("roles");
                    },
                    null);

            assertEquals(
                    503, app.get("/private/me", signedIn(app.token("alice"))).status());
            assertSees(app.get("/public/x", signedIn(app.token("alice"))), "user=nobody");
        }

        @Test
        void thatLacksAClassMeansTryLater() {
            app.close();
            app = TestApplication.start(
                    1,
                    settings -> {},
                    claims -> {
                        throw new NoClassDefFoundError("roles");
                    },
                    null);

            assertEquals(
                    503, app.get("/private/me", signedIn(app.token("alice"))).status());
        }

        @Test
        void thatListensAndThrowsHarmsNobody() {
            app.listenerFault = new IllegalStateException("listener");

            assertEquals(200, app.post(app.token("alice")).status());

            assertEquals(1, app.changes.size());
            assertTrue(app.changes.get(0) instanceof AuthChange.SignedIn);
        }
    }

    @Test
    void offLetsEverythingThroughUntouched() {
        app.close();
        app = TestApplication.start(settings -> settings.enabled(false));

        assertSees(app.get("/private/me"), "user=nobody");
        assertSees(app.get("/private/me", signedIn(app.token("alice"))), "user=nobody");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bnVsbA.e30.x", "..", "", "a", "%", "\"", "a.b.c.d.e", "e30.e30.e30"})
    @DisplayName("A05 A06 no token text throws out of the filter or says more than it should")
    void noTokenTextThrows(String token) {
        Answer answer = app.get("/private/me", signedIn(token));

        assertTrue(answer.status() == 401 || answer.status() == 400, answer::toString);
        assertFalse(answer.body().contains("Exception"), answer::toString);
        assertSees(app.get("/private/me", signedIn(app.token("alice"))), "user=alice");
    }

    @Test
    void aForeignIssuersTokenIsRefusedAndOursAccepted() {
        String foreign = TestIssuer.create("https://other.example").token("k1", app.claims("alice"));
        assertOut(app.get("/private/me", signedIn(foreign)));
        assertSees(app.get("/private/me", signedIn(app.token("alice"))), "user=alice");
    }

    @Test
    void aRequestWithoutAHostOrWithBrokenBytesIsAnsweredByTheContainer() {
        Answer answer = RawHttp.exchange(
                app.port,
                new String(
                        "GET /private/\u00ff\u00fe HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.ISO_8859_1));
        assertTrue(answer.status() >= 400 && answer.status() < 500, answer::toString);
    }

    private static void assertOut(Answer answer) {
        assertEquals(401, answer.status(), answer::toString);
        assertFalse(answer.header("WWW-Authenticate").isEmpty(), answer::toString);
        assertEquals(List.of(), answer.headers("Set-Cookie"));
        assertFalse(answer.body().contains("user="), answer::toString);
    }

    private static void assertSees(Answer answer, String... lines) {
        for (String line : lines) {
            assertTrue(answer.body().contains(line + "\n"), () -> line + " is not in:\n" + answer);
        }
    }
}
