// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.COOKIE;
import static io.github.signinsync.servlet.TestApplication.GENERATION;
import static io.github.signinsync.servlet.TestApplication.KEYS;
import static io.github.signinsync.servlet.TestApplication.MARK;
import static io.github.signinsync.servlet.TestApplication.SYNC;
import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.github.signinsync.AuthChange;
import io.github.signinsync.Revocations;
import io.github.signinsync.testing.RawHttp;
import io.github.signinsync.testing.RawHttp.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint that the script talks to, as text over the wire. */
class SyncEndpointTest {

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
    class APost {

        @Test
        @DisplayName("D01 a good token becomes an HttpOnly cookie and a readable mark")
        void ofAGoodTokenIsHeld() {
            String alice = app.token("alice");

            Answer answer = app.post(alice);

            assertEquals(200, answer.status());
            assertEquals("application/json", answer.header("Content-Type"));
            assertEquals(
                    "{\"state\":\"in\",\"changed\":true,\"expires\":" + (app.clock.seconds() + 60) + ",\"now\":"
                            + app.clock.seconds() + "}",
                    answer.body());
            assertEquals("no-store", answer.header("Cache-Control"));
            assertEquals("1", answer.header("Signin-Sync"));
            assertEquals(
                    List.of(
                            "__Host-signin=" + alice + "; Path=/; Max-Age=120; Secure; HttpOnly; SameSite=Lax",
                            "__Host-signin-n=0; Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Lax",
                            "__Host-signin-mark=" + answer.cookieValue(MARK)
                                    + "; Path=/; Max-Age=120; Secure; SameSite=Lax"),
                    answer.headers("Set-Cookie"));
            assertTrue(app.get("/private/me", signedIn(answer.cookieValue(COOKIE)))
                    .body()
                    .contains("user=alice"));
        }

        @Test
        void marksTheLoginAsTheScriptComputesIt() {
            // SHA-256 of "https://issuer.example\nalice\ns1", first 32 digits, as any other tool computes it.
            assertEquals(
                    "be0acf5099d06a5d46c1643cea32c1bd." + (app.clock.seconds() + 60) + ".in",
                    app.post(app.token("alice")).cookieValue(MARK));
        }

        @Test
        void withCookiesForPlainHttpOrADomainWritesThemSo() {
            app.close();
            app = TestApplication.start(settings -> settings.cookieSecure(false).cookiePath("/app"));
            assertTrue(app.post(app.token("alice"))
                    .setCookie("signin")
                    .orElseThrow()
                    .endsWith("; Path=/app; Max-Age=120; HttpOnly; SameSite=Lax"));
            app.close();
            app = TestApplication.start(settings -> settings.cookieDomain("example.com")
                    .cookieSameSite("strict")
                    .cookieName("__Secure-x"));
            assertTrue(app.post(app.token("alice"))
                    .setCookie("__Secure-x")
                    .orElseThrow()
                    .endsWith("; Path=/; Max-Age=120; Domain=example.com; Secure; HttpOnly; SameSite=Strict"));
        }

        @Test
        void ofAnEarlierTokenNeverWinsOverALaterOne() {
            String later = app.token("alice", Map.of("exp", app.clock.seconds() + 90));

            Answer answer = app.post(app.token("alice"), signedIn(later));

            assertEquals(200, answer.status());
            assertTrue(answer.body().contains("\"changed\":false,\"expires\":" + (app.clock.seconds() + 90)));
            assertTrue(answer.setCookie(COOKIE).isEmpty());
            assertTrue(answer.cookieValue(MARK).endsWith("." + (app.clock.seconds() + 90) + ".in"));
            assertTrue(app.post(later, signedIn(app.token("alice"))).body().contains("\"changed\":true"));
        }

        @Test
        void tellsOfASignInOncePerLogin() {
            String alice = app.token("alice");
            app.post(alice);
            app.post(app.token("alice", Map.of("exp", app.clock.seconds() + 90)), signedIn(alice));
            app.clock.move(Duration.ofMinutes(5));
            app.post(app.token("alice"), signedIn(alice));

            assertEquals(1, app.changes.size());
            assertEquals(
                    "alice",
                    assertInstanceOf(AuthChange.SignedIn.class, app.changes.get(0))
                            .principal()
                            .getName());
        }

        @Test
        void ofTheTokenThatIsHeldAlreadyWritesNoToken() {
            String alice = app.token("alice");

            Answer answer = app.post(alice, signedIn(alice));

            assertTrue(answer.body().contains("\"changed\":false"), answer::toString);
            assertTrue(answer.setCookie(COOKIE).isEmpty());
            assertTrue(answer.setCookie(MARK).isPresent());
        }

        @Test
        void ofAnotherLoginWinsHoweverEarlyItExpires() {
            long later = app.clock.seconds() + 90;
            String alice = app.token("alice");
            for (String held : List.of(
                    app.token("bob", Map.of("exp", later)), app.token("alice", Map.of("exp", later, "sid", "s2")))) {
                assertEquals(alice, app.post(alice, signedIn(held)).cookieValue(COOKIE));
            }
        }

        @Test
        void isComparedWithTheLatestOfSeveralThatAreHeld() {
            long now = app.clock.seconds();
            String early = app.token("alice");
            String late = app.token("alice", Map.of("exp", now + 90));
            String between = app.token("alice", Map.of("exp", now + 75));
            for (String held : List.of(cookies(COOKIE, early, COOKIE, late), cookies(COOKIE, late, COOKIE, early))) {
                Answer answer = app.post(between, held);
                assertTrue(answer.body().contains("\"changed\":false,\"expires\":" + (now + 90)), answer::toString);
            }
        }

        @Test
        void ofAnotherUserTellsBothChangesWithoutASessionToo() {
            app.post(app.token("bob"), signedIn(app.token("alice")));

            assertEquals(2, app.changes.size(), app.changes::toString);
            AuthChange.SignedOut out = assertInstanceOf(AuthChange.SignedOut.class, app.changes.get(0));
            AuthChange.SignedIn in = assertInstanceOf(AuthChange.SignedIn.class, app.changes.get(1));
            assertEquals("alice", out.identity().subject());
            assertEquals(AuthChange.Cause.REPLACED, out.cause());
            assertEquals("bob", in.principal().getName());
        }

        @Test
        void ofAUserWhoIsKnownByASessionOrByAnotherLoginTellsNothing() {
            String alice = app.token("alice");
            String session = app.get("/public/x?do=session", signedIn(alice)).cookieValue("JSESSIONID");

            app.post(app.token("alice", Map.of("sid", "s2")), signedIn(alice));
            app.post(alice, cookies("JSESSIONID", session));

            assertEquals(List.of(), app.changes);
        }

        @Test
        void afterASignOutIsToldAgainAlthoughTheOldTokenIsStillSent() {
            String alice = app.token("alice");
            app.delete(signedIn(alice));
            app.changes.clear();
            app.clock.move(Duration.ofSeconds(1));

            app.post(app.token("alice"), signedIn(alice));

            assertEquals(1, app.changes.size(), app.changes::toString);
            assertInstanceOf(AuthChange.SignedIn.class, app.changes.get(0));
        }

        @Test
        void ofExactlyWhatFitsIsJudgedAndOfAByteMoreIsNot() {
            assertRefused(app.post("x".repeat(3_799)), 401, "invalid");
            assertRefused(app.post("x".repeat(3_800)), 401, "invalid");
            assertRefused(app.post("x".repeat(3_801)), 413, "too-long");
        }

        @ParameterizedTest
        @ValueSource(strings = {"application/jwt;charset=utf-8", "application/jwt ; x=y", "Application/JWT"})
        void mayGiveItsTypeInAnySpellingOfHttp(String type) {
            Answer answer = app.request(
                    "POST",
                    SYNC,
                    app.token("alice"),
                    "Sec-Fetch-Site: same-origin",
                    "Signin-Sync: 1",
                    "Content-Type: " + type);

            assertEquals(200, answer.status(), answer::toString);
            assertEquals("Cookie, Origin, Sec-Fetch-Site", answer.header("Vary"));
        }

        @ParameterizedTest
        @CsvSource({
            "-120, -10, -60, expired",
            "-120, -10, -61, expired",
            "0, 61, 120, not-yet-valid",
            "61, 0, 120, not-yet-valid"
        })
        @DisplayName("D04 a token out of its time changes nothing and says what is wrong")
        void ofATokenOutOfItsTimeIsRefused(long issued, long notBefore, long expires, String code) {
            assertRefused(app.post(app.token("alice", times(issued, notBefore, expires))), 401, code);
        }

        @ParameterizedTest
        @CsvSource({"-120, -10, -59", "0, 60, 120", "60, 0, 120"})
        void ofATokenInsideTheLeewayIsHeldBothWays(long issued, long notBefore, long expires) {
            assertEquals(
                    200,
                    app.post(app.token("alice", times(issued, notBefore, expires)))
                            .status());
        }

        private Map<String, Object> times(long issued, long notBefore, long expires) {
            long now = app.clock.seconds();
            return Map.of("iat", now + issued, "nbf", now + notBefore, "exp", now + expires);
        }

        @Test
        @DisplayName("D04 a token of another issuer or with a bad signature changes nothing")
        void ofAForeignOrForgedTokenIsRefused() {
            String alice = app.token("alice");
            assertRefused(app.post(app.token("alice", Map.of("iss", "https://evil.example"))), 401, "invalid");
            assertRefused(app.post(alice.substring(0, alice.lastIndexOf('.')) + ".AAAA"), 401, "invalid");
            assertRefused(app.post(KEYS.sign("k2", KEYS.header("k1"), "{}")), 401, "invalid");
            assertRefused(app.post("junk"), 401, "invalid");
            assertRefused(app.post(""), 400, "malformed");
        }

        @Test
        void refusedLeavesThePresentSessionAsItWas() {
            String alice = app.token("alice");
            String session =
                    app.get("/public/x?do=work&value=w", signedIn(alice)).cookieValue("JSESSIONID");

            assertRefused(app.post("junk", signedIn(alice, session)), 401, "invalid");

            assertTrue(app.get("/public/x", signedIn(alice, session)).body().contains("work=w"));
            assertEquals(List.of(), app.changes);
        }

        @Test
        @DisplayName("D05 a body of 17 KiB and a good token of 5,000 bytes do not fit a cookie")
        void ofATooLongTokenIsRefused() {
            String large = app.token("alice", Map.of("padding", "x".repeat(3_400)));
            assertTrue(large.length() >= 5_000, () -> "is " + large.length());
            assertRefused(app.post("x".repeat(17 * 1024)), 413, "too-long");
            assertRefused(app.post(large), 413, "too-long");
            String fits = app.token("alice", Map.of("padding", "x".repeat(2_200)));
            assertTrue(fits.length() > 3_300 && fits.length() <= 3_800, () -> "is " + fits.length());
            assertEquals(200, app.post(fits).status());
        }

        @Test
        @DisplayName("D09 keys that cannot be had are 503 with Retry-After, never 401")
        void withoutKeysIsToldToTryLater() {
            app.keysAreDown = true;

            Answer answer = app.post(app.token("alice"));

            assertRefused(answer, 503, "keys-unavailable");
            assertFalse(answer.header("Retry-After").isEmpty());
        }
    }

    @Nested
    class Elsewhere {

        @ParameterizedTest
        @ValueSource(strings = {"POST", "DELETE"})
        @DisplayName("D02 K7 K8 another origin is refused, whatever says so")
        void isRefused(String method) {
            String own = "http://localhost:" + app.port;
            for (String headers : List.of(
                    "Origin: " + own + "\nSec-Fetch-Site: cross-site",
                    "Origin: " + own + "\nSec-Fetch-Site: same-site",
                    "Origin: " + own + "\nSec-Fetch-Site: none",
                    "Origin: " + own + "\nSec-Fetch-Site: garbage",
                    "Sec-Fetch-Site: cross-site",
                    "Origin: https://evil.example",
                    "Origin: https://evil.example\nSec-Fetch-Site: same-origin",
                    "Origin: null\nSec-Fetch-Site: same-origin",
                    "Origin: http://localhost:" + (app.port + 1),
                    "Origin: http://localhost." + app.port,
                    "Origin: " + own + ".evil.example",
                    "Referer: " + own + "/page")) {
                Answer answer = sync(method, "Signin-Sync: 1\nContent-Type: application/jwt\n" + headers);
                assertRefused(answer, 403, "origin");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Origin: OWN",
                    "Sec-Fetch-Site: same-origin",
                    "Origin: OWN\nSec-Fetch-Site: same-origin",
                    "Origin: https://localhost:PORT\nSec-Fetch-Site: same-origin"
                })
        void isNotHere(String headers) {
            String lines =
                    headers.replace("OWN", "http://localhost:" + app.port).replace("PORT", "" + app.port);

            assertEquals(
                    200,
                    sync("POST", "Signin-Sync: 1\nContent-Type: application/jwt\n" + lines)
                            .status());
            assertEquals(200, sync("DELETE", "Signin-Sync: 1\n" + lines).status());
        }

        @Test
        void isAllowedWhereConfigured() {
            app.close();
            app = TestApplication.start(settings -> settings.syncOrigins("https://www.example.com"));
            String type = "Signin-Sync: 1\nContent-Type: application/jwt\n";

            assertEquals(
                    200, sync("POST", type + "Origin: https://www.example.com").status());
            assertRefused(sync("POST", type + "Origin: https://www.example.com.evil.example"), 403, "origin");
            assertRefused(sync("POST", type + "Origin: http://www.example.com"), 403, "origin");
            assertRefused(
                    sync("POST", type + "Origin: https://www.example.com\nSec-Fetch-Site: cross-site"), 403, "origin");
            assertEquals(
                    200,
                    sync("POST", type + "Origin: https://www.example.com\nSec-Fetch-Site: same-origin")
                            .status());
        }

        private Answer sync(String method, String headers) {
            List<String> lines = new ArrayList<>(List.of(method + " " + SYNC + " HTTP/1.1"));
            lines.addAll(List.of(headers.split("\n")));
            return RawHttp.send(app.port, method.equals("POST") ? app.token("alice") : "", lines);
        }
    }

    @Test
    @DisplayName("D03 a form post and a post without our header are refused")
    void whatAFormCanSendIsRefused() {
        String own = "Origin: http://localhost:" + app.port;
        String alice = app.token("alice");
        for (String type : List.of(
                "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/json", "x")) {
            assertRefused(
                    app.request("POST", SYNC, alice, own, "Signin-Sync: 1", "Content-Type: " + type),
                    415,
                    "media-type");
        }
        assertRefused(app.request("POST", SYNC, alice, own, "Signin-Sync: 1"), 415, "media-type");
        assertRefused(app.request("POST", SYNC, alice, own, "Content-Type: application/jwt"), 403, "header");
        assertRefused(app.request("DELETE", SYNC, "", own), 403, "header");
        assertRefused(app.request("DELETE", SYNC, "", own, "Signin-Sync: 2"), 403, "header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: OWN\nOrigin: https://evil.example",
                "Origin: https://evil.example\nOrigin: OWN",
                "Origin: OWN\nSec-Fetch-Site: same-origin\nSec-Fetch-Site: cross-site",
                "Origin: OWN\nSignin-Sync: 1",
                "Origin: OWN\nContent-Type: text/plain"
            })
    void aHeaderThatGuardsAndComesTwiceIsRefused(String headers) {
        List<String> lines = new ArrayList<>(
                List.of("POST " + SYNC + " HTTP/1.1", "Signin-Sync: 1", "Content-Type: application/jwt"));
        lines.addAll(
                List.of(headers.replace("OWN", "http://localhost:" + app.port).split("\n")));

        assertRefused(RawHttp.send(app.port, app.token("alice"), lines), 400, "malformed");
    }

    @Test
    void aBodyThatCannotBeReadIsRefusedWithoutATrace() {
        Answer answer = RawHttp.exchange(
                app.port,
                "POST " + SYNC + " HTTP/1.1\r\nHost: localhost:" + app.port + "\r\nOrigin: http://localhost:" + app.port
                        + "\r\nSignin-Sync: 1\r\nContent-Type: application/jwt\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nZZ\r\nfoo");

        assertEquals(400, answer.status());
        assertFalse(answer.body().contains("Exception"), answer::toString);
        assertEquals("", answer.header("Set-Cookie"));
    }

    @Test
    @DisplayName("D07 GET, with a token in the query too, is not a way in")
    void otherMethodsAreRefused() {
        for (String method : List.of("GET", "HEAD", "PUT", "PATCH", "OPTIONS", "TRACE")) {
            Answer answer = app.request(method, SYNC + "?token=" + app.token("alice"), "", "Signin-Sync: 1");
            assertEquals(405, answer.status(), method);
            assertEquals("", answer.header("Set-Cookie"), method);
            assertEquals("", answer.header("Access-Control-Allow-Origin"), method);
        }
        assertEquals("POST, DELETE", app.get(SYNC).header("Allow"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example/", "//evil.example", "/\\evil.example"})
    @DisplayName("D08 a return target is ignored by the endpoint, and never one of another host elsewhere")
    void noReturnTargetLeadsAway(String target) {
        String query = "?return=" + target.replace("\\", "%5C").replace(":", "%3A");
        Answer answer = app.request(
                "POST",
                SYNC + query,
                app.token("alice"),
                "Origin: http://localhost:" + app.port,
                "Signin-Sync: 1",
                "Content-Type: application/jwt");

        assertEquals(200, answer.status());
        assertEquals("", answer.header("Location"));
        assertFalse(ReturnPath.isSafe(target));
        assertTrue(ReturnPath.isSafe("/account?x=1"));
        assertFalse(ReturnPath.isSafe("/\t/evil.example"));
        assertFalse(ReturnPath.isSafe("account"));
    }

    @Nested
    class ADelete {

        @Test
        @DisplayName("D06 clears the same cookie, marks the login as out, and the old token is dead")
        void endsTheLogin() {
            String alice = app.token("alice");

            Answer answer = app.delete(cookies(COOKIE, alice, MARK, "x"));

            assertEquals(200, answer.status());
            assertEquals("{\"state\":\"out\",\"now\":" + app.clock.seconds() + "}", answer.body());
            assertEquals(
                    "__Host-signin=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax",
                    answer.setCookie(COOKIE).orElseThrow());
            assertEquals(
                    "be0acf5099d06a5d46c1643cea32c1bd." + (app.clock.seconds() + 60) + ".out",
                    answer.cookieValue(MARK));
            assertEquals(401, app.get("/private/me", signedIn(alice)).status());
            Answer again = app.post(alice);
            assertRefused(again, 401, "revoked");
            assertEquals("SigninSync", again.header("WWW-Authenticate"));
        }

        @Test
        void isToldOfATokenUpToTheEndOfItsLeewayAndNotASecondLonger() {
            String alice = app.token("alice");
            String bob = app.token("bob");
            app.clock.move(Duration.ofSeconds(60 + 60 - 1));
            app.delete(signedIn(alice));
            assertEquals(1, app.changes.size(), app.changes::toString);

            app.clock.move(Duration.ofSeconds(1));
            Answer late = app.delete(signedIn(bob));

            assertEquals(1, app.changes.size(), app.changes::toString);
            assertTrue(late.setCookie(MARK).orElseThrow().contains("; Max-Age=0;"), late::toString);
        }

        @Test
        void ofATokenBesideAnotherUsersSessionTellsOfBoth() {
            String session = app.get("/public/x?do=session", signedIn(app.token("alice")))
                    .cookieValue("JSESSIONID");

            app.delete(signedIn(app.token("bob"), session));

            assertEquals(
                    List.of("alice", "bob"),
                    app.changes.stream()
                            .map(change ->
                                    ((AuthChange.SignedOut) change).identity().subject())
                            .toList());
        }

        @Test
        void reachesATokenWhoseIssuersClockIsAhead() {
            String ahead = app.token("alice", Map.of("iat", app.clock.seconds() + 30));

            app.delete(signedIn(ahead));

            assertEquals(401, app.get("/private/me", signedIn(ahead)).status());
        }

        @Test
        void isRememberedForAsLongAsTheLongestTokenIsAccepted() {
            Duration day = Duration.ofHours(24);
            String alice = app.token("alice", Map.of("exp", app.clock.seconds() + day.toSeconds()));
            app.delete(signedIn(alice));
            app.clock.move(day.plusSeconds(59));

            app.delete(signedIn(app.token("bob")));

            assertEquals(401, app.get("/private/me", signedIn(alice)).status());
            assertRefused(app.post(alice), 401, "revoked");
        }

        @Test
        void thatTheStoreCannotKeepIsToldAllTheSame() {
            Revocations full = mock(Revocations.class, call -> {
                if (call.getMethod().getName().equals("revoke")) {
                    throw new IllegalStateException("store");
                }
                return false;
            });
            app.close();
            app = TestApplication.start(1, settings -> {}, null, full);

            assertEquals(200, app.delete(signedIn(app.token("alice"))).status());

            assertEquals(1, app.changes.size(), app.changes::toString);
        }

        @Test
        void reachesWhatWasIssuedBeforeAndNothingLater() {
            String alice = app.token("alice");
            String twin = app.token("alice", Map.of("exp", app.clock.seconds() + 70));
            app.clock.move(Duration.ofSeconds(5));
            app.delete(signedIn(alice));
            String sameSecond = app.token("alice");
            app.clock.move(Duration.ofSeconds(1));

            assertEquals(401, app.get("/private/me", signedIn(twin)).status());
            assertEquals(401, app.get("/private/me", signedIn(sameSecond)).status());
            assertEquals(
                    200, app.get("/private/me", signedIn(app.token("alice"))).status());
            assertEquals(
                    200,
                    app.get(
                                    "/private/me",
                                    signedIn(app.token(
                                            "alice", Map.of("sid", "elsewhere", "iat", app.clock.seconds() - 60))))
                            .status());
        }

        @Test
        void ofALoginWithoutASessionIdEndsThisTokenOnly() {
            Map<String, Object> claims = app.claims("alice");
            claims.remove("sid");
            String here = KEYS.token("k1", claims);
            claims.put("jti", "elsewhere");
            String elsewhere = KEYS.token("k1", claims);

            app.delete(signedIn(here));

            assertEquals(401, app.get("/private/me", signedIn(here)).status());
            assertEquals(200, app.get("/private/me", signedIn(elsewhere)).status());
        }

        @Test
        void withNothingToEndIsFine() {
            Answer answer = app.delete();

            assertEquals(200, answer.status());
            assertEquals(1, answer.headers("Set-Cookie").size(), answer::toString);
            assertTrue(answer.setCookie(GENERATION).isPresent());
            assertEquals(List.of(), app.changes);
        }

        @Test
        void withoutKeysStillClearsTheBrowser() {
            app.keysAreDown = true;

            Answer answer = app.delete(signedIn(app.token("alice")));

            assertEquals(200, answer.status());
            assertTrue(answer.setCookie(COOKIE).orElseThrow().contains("Max-Age=0"));
        }

        @Test
        void withBrokenRevocationsStillEndsTheSession() {
            Revocations broken = mock(Revocations.class, call -> {
                throw new IllegalStateException("store");
            });
            app.close();
            app = TestApplication.start(1, settings -> {}, null, broken);
            String session = app.get("/public/x?do=work&value=cart").cookieValue("JSESSIONID");
            String alice = app.token("alice");

            assertEquals(200, app.delete(signedIn(alice)).status());
            assertEquals(503, app.get("/private/me", signedIn(alice)).status());
            assertTrue(app.get("/public/x", signedIn(alice, session)).body().contains("work=cart"));
        }
    }

    @Nested
    class TheScript {

        @Test
        void isServedWithAnETagAndAskedForEachTime() {
            for (String name : List.of("signin-sync.js", "signin-sync.classic.js")) {
                Answer answer = app.get("/signin-sync/" + name);
                assertEquals(200, answer.status());
                assertEquals("text/javascript;charset=utf-8", answer.header("Content-Type"));
                assertEquals("no-cache", answer.header("Cache-Control"));
                assertEquals("nosniff", answer.header("X-Content-Type-Options"));
                Answer again = app.get("/signin-sync/" + name, "If-None-Match: " + answer.header("ETag"));
                assertEquals(304, again.status());
                assertEquals("", again.body());
                String stored = "If-None-Match: \"old\", " + answer.header("ETag");
                assertEquals(304, app.get("/signin-sync/" + name, stored).status());
                assertEquals(
                        200,
                        app.get("/signin-sync/" + name, "If-None-Match: \"old\"")
                                .status());
                Answer head = app.request("HEAD", "/signin-sync/" + name, "");
                assertEquals(200, head.status());
                assertEquals(answer.header("ETag"), head.header("ETag"));
                assertEquals("", head.body());
                Answer post = app.request("POST", "/signin-sync/" + name, "x");
                assertEquals(405, post.status());
                assertEquals("GET, HEAD", post.header("Allow"));
            }
        }

        @Test
        void knowsTheNameOfTheMark() {
            assertTrue(app.get("/signin-sync/signin-sync.js").body().contains("\"__Host-signin-mark\""));
            app.close();
            app = TestApplication.start(settings -> settings.cookieName("mine"));
            String script = app.get("/signin-sync/signin-sync.js").body();
            assertTrue(script.contains("\"mine-mark\""));
            assertFalse(script.contains("\"__Host-signin-mark\""));
        }

        @Test
        void isWhereTheSettingSays() {
            app.close();
            app = TestApplication.start(settings -> settings.syncPath("/auth").requiredPaths("/*"));
            assertEquals(200, app.get("/auth/signin-sync.js").status());
            assertEquals(401, app.get("/signin-sync/signin-sync.js").status());
            assertEquals(401, app.get("/auth/other").status());
            assertEquals(
                    200,
                    app.request("DELETE", "/auth/session", "", "Signin-Sync: 1", "Sec-Fetch-Site: same-origin")
                            .status());
        }
    }

    private static void assertRefused(Answer answer, int status, String code) {
        assertEquals(status, answer.status(), answer::toString);
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertTrue(answer.body().contains("\"status\":" + status + ","), answer::toString);
        assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer::toString);
        assertEquals("", answer.header("Set-Cookie"));
        assertEquals("1", answer.header("Signin-Sync"));
        assertEquals("no-store", answer.header("Cache-Control"));
    }
}
