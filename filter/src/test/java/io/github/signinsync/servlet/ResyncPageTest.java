// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.COOKIE;
import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.testing.RawHttp;
import io.github.signinsync.testing.RawHttp.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets the resync page, what it is, and what it leaves behind: request and answer, as text. */
class ResyncPageTest {

    private static final String TWIN = COOKIE + "-n";
    private static final String COUNT = COOKIE + "-resync";
    private static final String SDK = "https://idp.example/sdk.js data-key=pk_test_1";

    private TestApplication app;

    @BeforeEach
    void start() {
        app = start(settings -> {});
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private static TestApplication start(Consumer<SigninSyncConfig.Builder> more) {
        return TestApplication.start(settings -> {
            settings.loginPage("/sign-in").ignoredPaths("/static/*").resyncScripts(SDK, "/start.js");
            more.accept(settings);
        });
    }

    private void restart(Consumer<SigninSyncConfig.Builder> more) {
        app.close();
        app = start(more);
    }

    @Nested
    class WhoGetsIt {

        @Test
        void aPersonWithAnExpiredTokenOnAPathThatNeedsAUserAndNotBeforeItExpired() {
            String alice = app.token("alice");
            app.clock.move(Duration.ofSeconds(119));
            assertEquals(200, app.navigate("/private/x", signedIn(alice)).status());

            app.clock.move(Duration.ofSeconds(1));

            assertPage("", app.navigate("/private/x", signedIn(alice)));
        }

        @Test
        void aPersonWhoseTokenIsGoneButWhoDidNotSignOut() {
            assertPage("", app.navigate("/private/x", cookies(TWIN, "0")));

            assertSentToSignIn(app.navigate("/private/x"));
        }

        @Test
        void nobodyWithAForgedToken() {
            assertSentToSignIn(app.navigate("/private/x", signedIn("a.b.c")));
        }

        @Test
        void nobodyWhoSignedOut() {
            String alice = app.token("alice");
            app.delete(cookies(COOKIE, alice, TWIN, "0"));

            assertSentToSignIn(app.navigate("/private/x", cookies(COOKIE, alice, TWIN, "0")));
        }

        @Test
        void onAPathThatNeedsNobodyOnlyAPersonWhoseSessionWouldBeHidden() {
            String session = sessionOf("alice");
            assertPage("open", app.navigate("/public/x", cookies("JSESSIONID", session)));

            assertEquals(200, app.navigate("/public/x", cookies(TWIN, "0")).status());
            assertEquals(200, app.navigate("/public/x").status());
            Answer back = app.navigate("/public/x", signedIn(app.token("alice"), session));
            assertTrue(back.body().contains("work=half\n"), back.body());
        }

        @Test
        void alsoAPersonWhoseSessionWaitedTooLong() {
            String session = sessionOf("alice");
            app.clock.move(Duration.ofMinutes(1 + 1 + 30));

            assertPage("", app.navigate("/private/x", cookies("JSESSIONID", session)));
            assertSentToSignIn(app.navigate("/private/x", cookies("JSESSIONID", session)));
        }

        @Test
        void neitherTheSignInPageNorAnIgnoredPathNorOurOwnFiles() {
            String session = cookies("JSESSIONID", sessionOf("alice"));

            assertEquals(
                    200, app.navigate("/sign-in?return=%2Fprivate%2Fx", session).status());
            assertEquals(200, app.navigate("/static/x.css", session).status());
            assertEquals(
                    200,
                    app.navigate("/signin-sync/signin-sync.classic.js", session).status());
            assertEquals(401, app.navigate("/signin-sync/other", session).status());
        }

        @ParameterizedTest
        @CsvSource({
            "document, text/html,        true",
            "iframe,   text/html,        true",
            "frame,    */*,              true",
            ",         text/html,        true",
            "empty,    text/html,        false",
            "image,    text/html,        false",
            "object,   text/html,        false",
            ",         application/json, false"
        })
        void aPageAndNothingElse(@Nullable String destination, String accept, boolean page) {
            List<String> lines = new ArrayList<>(List.of("GET /private/x HTTP/1.1", "Accept: " + accept));
            if (destination != null) {
                lines.add("Sec-Fetch-Dest: " + destination);
            }
            lines.add(cookies(TWIN, "0"));

            Answer answer = RawHttp.send(app.port, "", lines);

            assertEquals(401, answer.status());
            assertEquals(page, answer.body().contains("data-resync"), answer.body());
            assertEquals(!page, answer.header("Content-Type").startsWith("application/problem+json"));
        }

        @Test
        void aHeadRequestGetsTheStatusAndNoBody() {
            Answer head = RawHttp.send(
                    app.port, "", List.of("HEAD /private/x HTTP/1.1", "Sec-Fetch-Dest: document", cookies(TWIN, "0")));

            assertEquals(401, head.status());
            assertEquals("SigninSync error=\"expired\"", head.header("WWW-Authenticate"));
            assertEquals(List.of(), head.headers("Set-Cookie"));
            assertEquals("", head.body());
        }

        @Test
        void nobodyWhileKeysAreDown() {
            String alice = app.token("alice");
            app.keysAreDown = true;

            assertEquals(503, app.navigate("/private/x", signedIn(alice)).status());
        }

        @Test
        void nobodyWhereItIsOffOrHasNoScriptOrNoEndpoint() {
            for (Consumer<SigninSyncConfig.Builder> off : List.<Consumer<SigninSyncConfig.Builder>>of(
                    settings -> settings.resyncPage(false),
                    SigninSyncConfig.Builder::resyncScripts,
                    settings -> settings.syncPath(""))) {
                restart(off);
                String alice = app.token("alice");
                app.clock.move(Duration.ofMinutes(2));

                assertSentToSignIn(app.navigate("/private/x", signedIn(alice)));
            }
        }

        @Test
        void withoutASignInPageToo() {
            app.close();
            app = TestApplication.start(settings -> settings.resyncScripts(SDK));

            Answer page = app.navigate("/private/x", cookies(TWIN, "0"));

            assertPage("", page);
            assertFalse(page.body().contains("href"), page.body());
            assertFalse(page.body().contains("data-login"), page.body());
        }
    }

    @Nested
    class APageThatIsReadAhead {

        @ParameterizedTest
        @ValueSource(strings = {"Sec-Purpose: prefetch", "Sec-Purpose: prefetch;prerender", "Purpose: prefetch"})
        void isRefusedWithAnExpiredLoginSoThatTheBrowserAsksAgain(String purpose) {
            String session = sessionOf("alice");
            String alice = app.token("alice");
            app.clock.move(Duration.ofMinutes(2));

            for (Answer answer : List.of(
                    app.navigate("/private/x", purpose, signedIn(alice)),
                    app.navigate("/private/x", purpose, cookies(TWIN, "0")),
                    app.get("/private/x", purpose, cookies(TWIN, "0")),
                    app.navigate("/public/x", purpose, cookies("JSESSIONID", session)))) {
                assertEquals(503, answer.status());
                assertEquals("no-store", answer.header("Cache-Control"));
                assertEquals(List.of(), answer.headers("Set-Cookie"));
                assertEquals("", answer.body());
            }
        }

        @Test
        void isServedWithALoginAndOrdinarilyRefusedWithoutAny() {
            String alice = app.token("alice");

            assertEquals(
                    200,
                    app.navigate("/private/x", "Sec-Purpose: prefetch", signedIn(alice))
                            .status());
            assertEquals(200, app.navigate("/public/x", "Sec-Purpose: prefetch").status());
            assertEquals(
                    401, app.navigate("/private/x", "Sec-Purpose: prefetch").status());
        }
    }

    @Nested
    class ThePage {

        @Test
        void isStoredByNobodyAndSaysWhatItIs() {
            Answer page = app.navigate("/private/x", cookies(TWIN, "0"));

            assertEquals("no-store", page.header("Cache-Control"));
            assertEquals("Cookie, Sec-Fetch-Dest, Sec-Fetch-Mode", page.header("Vary"));
            assertEquals("noindex", page.header("X-Robots-Tag"));
            assertEquals("same-origin", page.header("Referrer-Policy"));
            assertEquals("nosniff", page.header("X-Content-Type-Options"));
            assertEquals("text/html;charset=utf-8", page.header("Content-Type"));
            assertTrue(page.body().contains("lang=\"en\""), page.body());
            assertTrue(page.body().length() < 1_800, page.body());
        }

        @Test
        void allowsNothingButItsOwnScriptsByANonceThatIsNeverTheSame() {
            Answer page = app.navigate("/private/x", cookies(TWIN, "0"));
            Answer other = app.navigate("/private/x", cookies(TWIN, "0"));

            String nonce = nonce(page);
            assertEquals(24, nonce.length());
            assertNotEquals(nonce, nonce(other));
            assertEquals(
                    "default-src 'none'; script-src 'nonce-" + nonce + "' 'strict-dynamic'; connect-src 'self'"
                            + " https://issuer.example https://idp.example; frame-src 'self' https://issuer.example"
                            + " https://idp.example; worker-src 'self' blob:; img-src 'self' data:; style-src 'nonce-"
                            + nonce + "'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
                    page.header("Content-Security-Policy"));
            assertFalse(
                    Pattern.compile("<script[^>]*>[^<]").matcher(page.body()).find(), page.body());
            assertFalse(page.body().contains("style=\""), page.body());
        }

        @Test
        void loadsTheProvidersScriptsInTheirOrderAndThenOurs() {
            Answer page = app.navigate("/private/x?a=1&b=2", cookies(TWIN, "0"));

            String nonce = nonce(page);
            assertEquals(
                    List.of(
                            "<script defer nonce=\"" + nonce
                                    + "\" src=\"https://idp.example/sdk.js\" data-key=\"pk_test_1\">",
                            "<script defer nonce=\"" + nonce + "\" src=\"/start.js\">",
                            "<script defer nonce=\"" + nonce
                                    + "\" src=\"/signin-sync/signin-sync.classic.js\" data-start=\"manual\">",
                            "<script defer nonce=\"" + nonce
                                    + "\" src=\"/signin-sync/signin-sync.resync.js\" data-resync=\"\""
                                    + " data-login=\"/sign-in?return=%2Fprivate%2Fx%3Fa%3D1%26b%3D2\">"),
                    tags(page));
        }

        @Test
        void givesOurScriptTheAttributesThatWereSetForItButNotOverItsOwn() {
            restart(settings -> settings.resyncScripts(
                    SDK, "/app/signin-sync/signin-sync.classic.js data-get-token=app.token data-login=//evil"));

            List<String> tags = tags(app.navigate("/private/x", cookies(TWIN, "0")));

            assertEquals(3, tags.size());
            assertTrue(
                    tags.get(2)
                            .endsWith("data-resync=\"\" data-login=\"/sign-in?return=%2Fprivate%2Fx\""
                                    + " data-get-token=\"app.token\" data-login=\"//evil\">"),
                    tags.get(2));
        }

        @Test
        void keepsWhatComesFromOutsideInsideItsAttributes() {
            restart(settings -> settings.resyncScripts("/sdk.js?a&b data-x=\"'><script>&amp;"));

            Answer page = app.navigate("/private/x?%22%3E%3Cscript%3E'", cookies(TWIN, "0"));

            assertTrue(
                    page.body()
                            .contains("src=\"/sdk.js?a&amp;b\""
                                    + " data-x=\"&quot;&#39;&gt;&lt;script&gt;&amp;amp;\"></script>"),
                    page.body());
            assertTrue(
                    page.body().contains("href=\"/sign-in?return=%2Fprivate%2Fx%3F%2522%253E%253Cscript%253E%27\""),
                    page.body());
        }

        @Test
        void leavesTheExpiredTokenInTheBrowserSoThatASlowAnswerWipesNoFreshOne() {
            String alice = app.token("alice");
            app.clock.move(Duration.ofMinutes(2));

            Answer page = app.navigate("/private/x", signedIn(alice));

            assertTrue(page.setCookie(COOKIE).isEmpty());
        }
    }

    @Nested
    class TheLimitOfABrowser {

        @Test
        void letsThirtyPagesPassInTenSecondsAndNotOneMore() {
            String noted = "";
            for (int page = 1; page <= 30; page++) {
                Answer answer = app.navigate("/private/x", cookies(TWIN, "0", COUNT, noted));
                assertPage("", answer);
                noted = answer.cookieValue(COUNT);
            }

            Answer answer = app.navigate("/private/x", cookies(TWIN, "0", COUNT, noted));

            assertSentToSignIn(answer);
            assertTrue(answer.setCookie(COUNT).isEmpty());
        }

        @Test
        void isWrittenForTenSecondsAndForNoScript() {
            Answer answer = app.navigate("/private/x", cookies(TWIN, "0"));

            assertEquals(
                    COUNT + "=1." + app.clock.seconds() + "; Path=/; Max-Age=10; Secure; HttpOnly; SameSite=Lax",
                    answer.setCookie(COUNT).orElseThrow());
        }

        @ParameterizedTest
        @CsvSource({"9, false", "10, true", "11, true", "-1, true"})
        void isOverWhenTenSecondsHavePassed(long seconds, boolean served) {
            String noted = "30." + app.clock.seconds();
            app.clock.move(Duration.ofSeconds(seconds));

            Answer answer = app.navigate("/private/x", cookies(TWIN, "0", COUNT, noted));

            assertEquals(served ? 401 : 302, answer.status());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "30",
                    "30.",
                    ".30",
                    "-1.5",
                    "30.x",
                    "999999999999.1",
                    "30.99999999999999999999",
                    "1e9.0",
                    "%00"
                })
        void readsJunkAsNothing(String junk) {
            assertPage("", app.navigate("/private/x", cookies(TWIN, "0", COUNT, junk)));
        }

        @Test
        void isNotLiftedByAnotherCookieOfThatName() {
            String noted = "30." + app.clock.seconds();

            for (String other : List.of("x", "1." + app.clock.seconds())) {
                assertSentToSignIn(app.navigate("/private/x", cookies(TWIN, "0", COUNT, other, COUNT, noted)));
                assertSentToSignIn(app.navigate("/private/x", cookies(TWIN, "0", COUNT, noted, COUNT, other)));
            }
        }

        @Test
        void showsAPathThatNeedsNobodyToAVisitorAndKeepsTheSessionHidden() {
            String session = sessionOf("alice");
            String noted = "30." + app.clock.seconds();
            assertSentToSignIn(app.navigate("/private/x", cookies("JSESSIONID", session, COUNT, noted)));

            Answer visitor = app.navigate("/public/x", cookies("JSESSIONID", session, COUNT, noted));

            assertEquals(200, visitor.status());
            assertEquals("no-store", visitor.header("Cache-Control"));
            assertTrue(visitor.body().contains("user=nobody\n"), visitor.body());
            assertTrue(visitor.body().contains("work=null\n"), visitor.body());
            Answer back = app.navigate("/public/x", signedIn(app.token("alice"), session));
            assertTrue(back.body().contains("work=half\n"), back.body());
        }
    }

    @Nested
    class TheSiteANavigationCameFrom {

        @ParameterizedTest
        @ValueSource(strings = {"cross-site", "same-site"})
        void isToldToTheApplicationAfterTheReload(String site) {
            Answer page = app.navigate("/private/x?a=1", "Sec-Fetch-Site: " + site, cookies(TWIN, "0"));
            String note = note(page);
            assertTrue(
                    page.setCookie(name(note))
                            .orElseThrow()
                            .endsWith("=" + site + "; Path=/; Max-Age=120; Secure; HttpOnly; SameSite=Lax"),
                    page.head()::toString);

            Answer reloaded = reload("/private/x?a=1", note);

            assertSite(site, reloaded);
            assertTrue(reloaded.setCookie(name(note)).isEmpty(), reloaded.head()::toString);
            assertSite("same-origin", reload("/private/x?a=1", ""));
        }

        @ParameterizedTest
        @ValueSource(strings = {"same-origin", "none"})
        void isNotNotedWhereItIsOurOwnOrThePersons(String site) {
            assertEquals("", note(app.navigate("/private/x", "Sec-Fetch-Site: " + site, cookies(TWIN, "0"))));
            assertEquals("", note(app.navigate("/private/x", cookies(TWIN, "0"))));
        }

        @Test
        void isToldForThatVeryUrlOnly() {
            String note = note(app.navigate("/private/x?a=1", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0")));

            for (String other : List.of("/private/x", "/private/x?a=2", "/private/y?a=1", "/private/x?a=1&")) {
                Answer answer = reload(other, note);
                assertSite("same-origin", answer);
                assertTrue(answer.setCookie(name(note)).isEmpty());
            }
        }

        @Test
        void isKeptForEachUrlSoThatASecondTabCannotOverwriteIt() {
            String first = note(app.navigate("/private/x", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0")));
            String second = note(app.navigate("/private/y", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0")));

            assertNotEquals(first, second);
            assertSite("cross-site", reload("/private/x", second + "; " + first));
        }

        @Test
        void isKeptWhereTheReloadFindsTheLoginStillExpired() {
            String note = note(app.navigate("/private/x", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0")));

            Answer again = app.navigate("/private/x", "Sec-Fetch-Site: same-origin", cookies(TWIN, "0") + "; " + note);

            assertPage("", again);
            assertEquals(note, note(again));
        }

        @Test
        void isNeverMadeOutToBeCloserThanTheBrowserSays() {
            String note = note(app.navigate("/private/x", "Sec-Fetch-Site: same-site", cookies(TWIN, "0")));
            String alice = signedIn(app.token("alice")) + "; ";

            assertSite("cross-site", app.navigate("/private/x", "Sec-Fetch-Site: cross-site", alice + note));
            for (String forged : List.of("same-origin", "none", "", "x")) {
                assertSite("same-origin", reload("/private/x", name(note) + "=" + forged));
            }
        }

        @Test
        void isToldToEachOfTwoTabsThatLoadOneUrlAgain() {
            String note = note(app.navigate("/private/x", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0")));
            app.navigate("/private/x", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0") + "; " + note);

            Answer first = reload("/private/x", note);

            assertSite("cross-site", first);
            assertTrue(first.setCookie(name(note)).isEmpty(), first.head()::toString);
            assertSite("cross-site", reload("/private/x", note));
        }

        @Test
        void isNotForgottenForJunkUnderTheSameName() {
            String note = note(app.navigate("/private/x", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0")));

            for (String junk : List.of("x", "same-origin", "same-site")) {
                String planted = name(note) + "=" + junk;
                assertSite("cross-site", reload("/private/x", planted + "; " + note));
                assertSite("cross-site", reload("/private/x", note + "; " + planted));
            }
        }

        @Test
        void isNotBroughtCloserByASecondNavigationToThatUrl() {
            String far = note(app.navigate("/private/x", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0")));
            String near = note(app.navigate("/private/y", "Sec-Fetch-Site: same-site", cookies(TWIN, "0")));

            assertEquals(
                    far,
                    note(app.navigate("/private/x", "Sec-Fetch-Site: same-site", cookies(TWIN, "0") + "; " + far)));
            assertTrue(note(app.navigate("/private/y", "Sec-Fetch-Site: cross-site", cookies(TWIN, "0") + "; " + near))
                    .endsWith("=cross-site"));
        }

        @Test
        void isToldAcrossDispatchesToo() {
            for (String action : List.of("async", "async-with-arguments", "send-error", "forward", "include")) {
                String path = "/private/x?do=" + action;
                String note = note(app.navigate(path, "Sec-Fetch-Site: cross-site", cookies(TWIN, "0")));

                assertSite("cross-site", reload(path, note));
            }
        }

        @Test
        void isNotedForEightUrlsAndNoPageIsGivenPastThat() {
            StringBuilder notes = new StringBuilder(cookies(TWIN, "0"));
            for (int url = 1; url <= 8; url++) {
                Answer page = app.navigate("/private/" + url, "Sec-Fetch-Site: cross-site", notes.toString());
                assertPage("", page);
                notes.append("; ").append(note(page));
            }

            assertSentToSignIn(app.navigate("/private/9", "Sec-Fetch-Site: cross-site", notes.toString()));
            assertPage("", app.navigate("/private/8", "Sec-Fetch-Site: cross-site", notes.toString()));
            assertPage("", app.navigate("/private/9", "Sec-Fetch-Site: same-origin", notes.toString()));
        }

        private Answer reload(String path, String note) {
            return app.navigate(
                    path,
                    "Sec-Fetch-Site: same-origin",
                    signedIn(app.token("alice")) + (note.isEmpty() ? "" : "; " + note));
        }

        private void assertSite(String site, Answer answer) {
            assertTrue(answer.body().contains("site=[" + site + "]\n"), answer.body());
        }

        /** The note that the answer sets, as the browser would send it back. */
        private String note(Answer answer) {
            return answer.headers("Set-Cookie").stream()
                    .filter(line -> line.startsWith(COOKIE + "-from-"))
                    .map(line -> line.substring(0, line.indexOf(';')))
                    .findFirst()
                    .orElse("");
        }

        private String name(String note) {
            return note.substring(0, note.indexOf('='));
        }
    }

    @Nested
    class AForm {

        @ParameterizedTest
        @CsvSource({
            "same-origin, ,    post",
            "same-origin, null, post",
            "same-origin, own, post",
            ",            own, post",
            "cross-site,  own, post-foreign",
            "same-site,   own, post-foreign",
            "none,        ,    post-foreign",
            ",            https://evil.example, post-foreign",
            ",            ,    post-foreign"
        })
        void mayBeSentAgainOnlyIfAPageOfOursSentIt(@Nullable String site, @Nullable String origin, String kind) {
            List<String> headers = new ArrayList<>(List.of(cookies("JSESSIONID", sessionOf("alice"))));
            if (site != null) {
                headers.add("Sec-Fetch-Site: " + site);
            }
            if (origin != null) {
                headers.add("Origin: " + (origin.equals("own") ? "http://localhost:" + app.port : origin));
            }

            assertPage(kind, form("/private/x", headers));
            assertPage(kind, form("/public/x", headers));
        }

        @Test
        void isNotToldToComeBackToItsUrlByGet() {
            Answer page = form("/private/x?do=work", List.of(cookies(TWIN, "0")));

            assertTrue(page.body().contains(" data-login=\"/sign-in\""), page.body());
            assertTrue(page.setCookie(COUNT).isEmpty());
        }

        @Test
        void reachesTheApplicationWithALogin() {
            String alice = app.token("alice");

            assertEquals(200, form("/private/x", List.of(signedIn(alice))).status());
            assertEquals(200, form("/public/x", List.of()).status());
            assertEquals(200, form("/public/x", List.of(cookies(TWIN, "0"))).status());
        }

        @Test
        void thatAScriptSendsGetsNoPage() {
            Answer answer = app.request("POST", "/private/x", "a=b", cookies(TWIN, "0"));

            assertEquals(401, answer.status());
            assertEquals("application/problem+json", answer.header("Content-Type"));
        }

        private Answer form(String path, List<String> headers) {
            List<String> lines = new ArrayList<>(List.of(
                    "POST " + path + " HTTP/1.1",
                    "Accept: text/html",
                    "Sec-Fetch-Dest: document",
                    "Content-Type: application/x-www-form-urlencoded"));
            lines.addAll(headers);
            return RawHttp.send(app.port, "a=b", lines);
        }
    }

    @Test
    void aPreflightPassesWhateverItSaysItAccepts() {
        String session = sessionOf("alice");

        Answer answer = RawHttp.send(
                app.port,
                "",
                List.of(
                        "OPTIONS /private/x HTTP/1.1",
                        "Accept: text/html",
                        "Origin: https://other.example",
                        "Access-Control-Request-Method: PUT",
                        cookies("JSESSIONID", session)));

        assertEquals(200, answer.status());
    }

    /** Has the user leave work in a session, and returns the session's id. */
    private String sessionOf(String user) {
        String id = app.get("/public/x?do=work&value=half", signedIn(app.token(user)))
                .cookieValue("JSESSIONID");
        assertFalse(id.isEmpty());
        return id;
    }

    private static void assertPage(String kind, Answer answer) {
        assertEquals(401, answer.status());
        assertEquals("SigninSync error=\"expired\"", answer.header("WWW-Authenticate"));
        assertTrue(answer.body().contains(" data-resync=\"" + kind + "\""), answer.body());
    }

    private static void assertSentToSignIn(Answer answer) {
        assertEquals(302, answer.status());
        assertTrue(answer.header("Location").startsWith("/sign-in"), answer.head()::toString);
    }

    private static String nonce(Answer page) {
        Matcher matcher = Pattern.compile("script-src 'nonce-([^']+)'").matcher(page.header("Content-Security-Policy"));
        assertTrue(matcher.find());
        return matcher.group(1);
    }

    private static List<String> tags(Answer page) {
        return Pattern.compile("<script[^>]*>")
                .matcher(page.body())
                .results()
                .map(found -> found.group())
                .toList();
    }
}
