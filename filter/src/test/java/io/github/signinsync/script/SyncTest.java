// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.WaitUntilState;
import io.github.signinsync.script.ScriptedServer.Reply;
import io.github.signinsync.testing.Chromium;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole script in a real browser, under a strict content security policy, against the real filter in each container,
 * with a fault injector before it and a provider that does as it is told. Time moves only when the test moves it, for
 * browser, cookies and server together.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(Container.class)
@Timeout(60)
class SyncTest {

    @AutoClose
    private static Chromium chromium;

    private final Container container;
    private ScriptedServer server;
    private BrowserContext context;
    private final List<String> console = new ArrayList<>();

    SyncTest(Container container) {
        this.container = container;
    }

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @BeforeEach
    void openProfile() {
        server = new ScriptedServer(container);
        context = chromium.newContext();
        context.setDefaultTimeout(5_000);
        context.clock().install(new Clock.InstallOptions().setTime(ScriptedServer.START_MILLIS - 1_000));
        context.clock().pauseAt(ScriptedServer.START_MILLIS);
        context.addInitScript("Math.random = () => 0.5");
        context.onConsoleMessage(message -> console.add(message.text()));
        context.onWebError(error -> console.add("uncaught: " + error.error()));
    }

    @AfterEach
    void closeProfile() {
        context.close();
        server.close();
        assertSessionsArePersonal();
    }

    @Nested
    class SigningIn {

        @Test
        @DisplayName("V01 cold: one fresh token, one request, and nothing counts before the server confirmed it")
        void coldSync() throws IOException {
            signedIn("alice", 60);
            server.posts.hold();
            Page page = open("clerk");
            until(page, () -> server.count("POST") == 1);
            assertEquals("", page.evaluate("document.cookie"));
            assertEquals("sending, unknown", stateOf(page));

            server.posts.release();
            settles(page, "in");
            assertEquals(List.of("fresh"), calls(page));
            assertEquals(List.of("out to in"), told(page));
            assertEquals(1, server.count("POST"));
            ScriptedServer.Received request = server.received("POST").get(0);
            assertEquals("alice", request.subject());
            assertEquals(List.of("1"), request.headers().get("Signin-Sync"));
            assertEquals(List.of("application/jwt"), request.headers().get("Content-Type"));
            assertEquals("", server.lastUser());
            assertEquals("alice", visitor(page));
            assertEquals(List.of(), console);
        }

        @ParameterizedTest(name = "V02 warm pages on {0}: five navigations, no request, no fresh token")
        @ValueSource(strings = {"clerk", "custom"})
        void warmPages(String provider) {
            signedIn("alice", 60);
            Page page = open(provider);
            settles(page, "in");
            for (int i = 0; i < 5; i++) {
                page.navigate(server.page(provider));
                settles(page, "in");
                assertEquals(List.of("cached"), calls(page));
                assertEquals("alice", server.lastUser());
            }
            assertEquals(1, server.count("POST"));
        }

        @ParameterizedTest(name = "V05 rapid events on {0}: one token, one request")
        @ValueSource(strings = {"clerk", "custom"})
        void rapidEvents(String provider) {
            Page page = open(provider);
            settles(page, "out");
            page.evaluate("fake.calls.length = 0; fake.signIn('alice'); for (let i = 0; i < 9; i++) fake.changed()");
            settles(page, "in");
            advance(page, 500);
            assertEquals(List.of("fresh"), calls(page));
            assertEquals(1, server.count("POST"));
        }

        @Test
        @DisplayName("V12 slow token: eight seconds are waited for, without a second call")
        void slowToken() {
            signedIn("alice", 60);
            Page page = open("custom?manual");
            page.evaluate("fake.plan = ['8000']; start()");
            advance(page, 7_900);
            assertEquals(0, server.count("POST"));
            advance(page, 200);
            settles(page, "in");
            assertEquals(List.of("fresh"), calls(page));
        }

        @Test
        @DisplayName("V12 slower token: retried after ten seconds, and still used when it comes at last")
        void slowerToken() {
            signedIn("alice", 60);
            Page page = open("custom?manual");
            page.evaluate("fake.plan = ['held', 'network', 'network', 'network']; start()");
            advance(page, 10_100);
            settles(page, "backing-off");
            page.evaluate("fake.release()");
            settles(page, "in");
            assertEquals(1, server.count("POST"));
        }

        @Test
        @DisplayName("V16 user switch: the server is told of the new user, and never again of the old one")
        void userSwitch() throws IOException {
            signedIn("alice", 60);
            Page page = open("clerk");
            settles(page, "in");
            page.evaluate("Clerk.beginTransition(); fake.signIn('bob')");
            until(page, () -> told(page).contains("in to in"));
            settles(page, "in");
            for (int i = 0; i < 24; i++) {
                assertEquals("bob", visitor(page));
                advance(page, 2_500);
            }
            until(page, () -> server.count("POST") == 3);
            assertEquals("bob", server.received("POST").get(1).subject());
            assertEquals("bob", server.received("POST").get(2).subject());
            assertEquals(0, server.count("DELETE"));
        }

        @Test
        @DisplayName("two tabs with two users: the one somebody turns to has the cookie, and they do not fight over it")
        void twoUsers() throws IOException {
            signedIn("alice", 60);
            Page first = open("custom");
            settles(first, "in");
            Page second = open("custom?manual");
            second.evaluate("options.getToken = async () => fake.mintFor('bob'); delete options.subscribe; start()");
            settles(second, "in");
            until(first, () -> told(first).contains("in to in"));
            advance(first, 20_000);
            assertEquals(2, server.count("POST"));
            first.evaluate("window.dispatchEvent(new Event('focus'))");
            until(first, () -> server.count("POST") == 3);
            assertEquals("alice", server.received("POST").get(2).subject());
        }

        @Test
        @DisplayName("waits for a provider that loads late, without calling its load()")
        void lateProvider() {
            signedIn("alice", 60);
            Page page = open("clerk?slow");
            settles(page, "starting");
            advance(page, 20_000);
            assertTrue(console.toString().contains("data-get-token"), console.toString());
            page.evaluate("Clerk.finishLoading()");
            advance(page, 500);
            settles(page, "in");
        }

        @Test
        @DisplayName("a page that reloads on a change of user does so once")
        void reloadsOnce() {
            signedIn("alice", 60);
            Page page = open("custom?on=reload");
            until(page, () -> "2".equals(page.evaluate("sessionStorage.loads")));
            settles(page, "in");
            advance(page, 1_000);
            assertEquals(1, server.count("POST"));
            assertEquals(List.of(), told(page));
        }
    }

    @Nested
    class SigningOut {

        @Test
        @DisplayName("V03 signed out, no cookie: no request")
        void nothingToEnd() {
            Page page = open("clerk");
            settles(page, "out");
            assertEquals("out", page.evaluate("sync.ready"));
            assertEquals(0, server.count("POST") + server.count("DELETE"));
            assertEquals(List.of(), calls(page));
        }

        @ParameterizedTest(name = "V04 signed out, stale cookie on {0}: ended once, cookies gone")
        @ValueSource(strings = {"clerk", "custom"})
        void staleCookie(String provider) {
            Page page = signedInPage(provider);
            page.evaluate("localStorage.setItem('session', 'null')");
            page.navigate(server.page(provider));
            if (provider.equals("custom")) {
                settles(page, "backing-off"); // one null from a function may be a slip
                assertEquals(0, server.count("DELETE"));
                advance(page, 1_100);
            }
            settles(page, "out");
            assertEquals(1, server.count("DELETE"));
            assertEquals(List.of("in to out"), told(page));
            assertFalse(cookies().contains("__Host-signin=alice"), cookies());
            assertEquals("", visitor(page));
        }

        @Test
        @DisplayName("a single null from a function clears nothing")
        void singleNull() {
            Page page = signedInPage("custom");
            page.evaluate("fake.plan = ['nothing']; fake.changed()");
            advance(page, 100);
            settles(page, "backing-off");
            advance(page, 1_100);
            settles(page, "in");
            assertEquals(0, server.count("DELETE"));
        }

        @Test
        @DisplayName("a transition at the provider clears nothing, its end in a sign-out does")
        void transition() {
            Page page = signedInPage("clerk");
            page.evaluate("Clerk.beginTransition()");
            advance(page, 5_000);
            assertEquals(0, server.count("DELETE"));
            page.evaluate("Clerk.signOut()");
            settles(page, "out");
            assertEquals(1, server.count("DELETE"));
        }

        @Test
        @DisplayName("V13 sign-out while a token is pending: ended, and the token is never sent")
        void signOutAgainstSlowToken() {
            Page page = signedInPage("clerk");
            page.evaluate("fake.plan = ['held']; void sync.sync({fresh: true})");
            until(page, () -> calls(page).size() == 2);
            page.evaluate("Clerk.signOut()");
            settles(page, "out");
            page.evaluate("fake.release()");
            advance(page, 5_000);
            assertEquals(1, server.count("DELETE"));
            assertEquals(1, server.count("POST"));
        }

        @Test
        @DisplayName("V14 sign-out while a request is pending: given up, ended, next page anonymous")
        void signOutAgainstPost() {
            signedIn("alice", 60);
            server.posts.hold();
            Page page = open("clerk");
            until(page, () -> server.count("POST") == 1);
            page.evaluate("Clerk.signOut()");
            settles(page, "out");
            assertEquals(1, server.count("DELETE"));
            server.posts.release();
            page.navigate(server.page("clerk"));
            settles(page, "out");
            assertFalse(cookies().contains(".in"), cookies());
            assertEquals(1, server.count("POST"));
            assertEquals("", server.lastUser());
        }

        @Test
        @DisplayName("V15 sign-out while retrying: no retry is left")
        void signOutInBackoff() {
            Page page = signedInPage("clerk");
            page.evaluate("fake.always = 'network'; void sync.sync({fresh: true})");
            settles(page, "backing-off");
            page.evaluate("Clerk.signOut()");
            settles(page, "out");
            int calls = calls(page).size();
            tick(page, 120_000);
            assertEquals(calls, calls(page).size());
            assertEquals(1, server.count("DELETE"));
        }

        @Test
        @DisplayName("an answer that comes after the sign-out signs nobody in, though the browser stores its cookies")
        void lateAnswer() {
            Page page = signedInPage("clerk");
            advance(page, 2_000);
            server.posts.hold();
            page.evaluate("window.late = fetch('signin-sync/session', {method: 'POST', body: fake.mintFor('alice'),"
                    + "headers: {'Content-Type': 'application/jwt', 'Signin-Sync': '1'}}); null");
            until(page, () -> server.count("POST") == 2);
            assertEquals("alice", visitor(page));
            page.evaluate("Clerk.signOut()");
            settles(page, "out");
            server.posts.release();
            assertEquals(200, page.evaluate("late.then((answer) => answer.status)"));
            assertTrue(cookies().contains("__Host-signin=alice"), cookies());
            assertEquals("", visitor(page));
        }

        @ParameterizedTest(
                name = "the same user signs in again under the session {0}, with a token from after the sign-out")
        @ValueSource(strings = {"alice-1", "alice-2"})
        void signInAgain(String session) {
            Page page = signedInPage("clerk");
            page.evaluate("Clerk.signOut()");
            settles(page, "out");
            advance(page, 2_000);
            page.evaluate("fake.signIn('alice', '" + session + "')");
            settles(page, "in");
            assertEquals(2, server.count("POST"));
            assertEquals("alice", visitor(page));
        }

        @Test
        @DisplayName("V26 sign-out in one tab: the other follows without a request, and no message holds a token")
        void inAnotherTab() {
            Page first = signedInPage("clerk");
            Page second = open("clerk");
            settles(second, "in");
            first.evaluate("window.heard = []; new BroadcastChannel('__Host-signin-mark /app/signin-sync/session')"
                    + ".onmessage = (event) => heard.push(event.data); null");
            second.evaluate("void sync.sync({fresh: true})");
            advance(second, 1_100);
            second.evaluate("Clerk.signOut()");
            settles(second, "out");
            settles(first, "out");
            assertEquals(List.of("out to in", "in to out"), told(first));
            assertEquals(1, server.count("DELETE"));
            assertTrue(((List<?>) first.evaluate("heard"))
                    .stream().allMatch(message -> List.of("synced", "cleared").contains(message)));
        }

        @Test
        @DisplayName("signOut() waits two seconds for a slow server, and no longer; a new sign-in waits for its answer")
        void signOutOfASlowServer() {
            Page page = signedInPage("clerk");
            server.deletes.hold();
            page.evaluate("void sync.signOut(() => { window.left = true; Clerk.signOut(); })");
            until(page, () -> server.count("DELETE") == 1);
            advance(page, 1_500);
            assertEquals(null, page.evaluate("window.left"));
            advance(page, 500);
            until(page, () -> Boolean.TRUE.equals(page.evaluate("window.left")));
            page.evaluate("fake.signIn('bob')");
            advance(page, 1_000);
            assertEquals(1, server.count("POST"));
            server.deletes.release();
            settles(page, "in");
            assertEquals(2, server.count("POST"));
            assertEquals(1, server.count("DELETE"));
        }

        @Test
        @DisplayName("signOut() ends the server's session before the provider's, and survives a provider that fails")
        void signOutInOrder() {
            Page page = signedInPage("custom");
            page.evaluate("sync.signOut(() => { window.markThen = document.cookie; throw new Error('down'); })");
            settles(page, "out");
            assertTrue(page.evaluate("markThen").toString().endsWith(".out"));
            page.evaluate("window.dispatchEvent(new Event('focus'))");
            advance(page, 5_000);
            settles(page, "out");
            assertEquals(1, server.count("POST"));
        }
    }

    @Nested
    class Trouble {

        @Test
        @DisplayName("V06 three failures, then a token: retried without a reload, nothing cleared")
        void threeFailures() {
            signedIn("alice", 60);
            Page page = open("custom?manual");
            page.evaluate("fake.plan = ['network', 'network', 'network']; start()");
            for (int pause : new int[] {600, 1_600, 4_100}) {
                settles(page, "backing-off");
                advance(page, pause);
            }
            settles(page, "in");
            assertEquals(4, calls(page).size());
            assertEquals(0, server.count("DELETE"));
        }

        @Test
        @DisplayName("V07 a failed first synchronization is followed by another attempt when the page is looked at")
        void failureThenFocus() {
            signedIn("alice", 60);
            Page page = open("custom?manual");
            page.evaluate("window.sameDocument = true; fake.always = 'network'; start()");
            advance(page, 20_000);
            settles(page, "degraded");
            assertEquals(5, calls(page).size());
            advance(page, 3_000);
            page.evaluate("document.addEventListener('signin-sync:recovered', () => (window.recovered = true));"
                    + "fake.always = ''; window.dispatchEvent(new Event('focus'))");
            advance(page, 100);
            settles(page, "in");
            assertEquals(true, page.evaluate("recovered"));
            assertEquals(true, page.evaluate("sameDocument"));
        }

        @Test
        @DisplayName("V08 a live cookie outlives a minute of token failures")
        void failuresClearNothing() {
            Page page = signedInPage("custom", 3_600);
            page.evaluate("fake.always = 'network'; void sync.sync({fresh: true})");
            for (int i = 0; i < 6; i++) {
                advance(page, 10_000);
                assertEquals("alice", visitor(page));
            }
            settles(page, "degraded");
            assertEquals(0, server.count("DELETE"));
            assertTrue(cookies().contains("__Host-signin=alice"), cookies());
            assertEquals(List.of("out to in"), told(page));
        }

        @Test
        @DisplayName("V09 nobody can vouch for the user: ended once, half a minute after expiry, and recovered from")
        void failuresBeyondExpiry() {
            Page page = signedInPage("custom", 20);
            page.evaluate("fake.always = 'network'");
            advance(page, 48_000);
            settles(page, "degraded");
            assertEquals(0, server.count("DELETE"));
            advance(page, 4_000);
            settles(page, "degraded");
            assertEquals(1, server.count("DELETE"));
            assertEquals(
                    List.of("unverified"),
                    server.received("DELETE").get(0).headers().get("Signin-sync-reason"));
            advance(page, 120_000);
            assertEquals(1, server.count("DELETE"));

            page.evaluate("fake.always = ''");
            advance(page, 75_000);
            settles(page, "in");
            assertEquals(List.of("out to in", "in to out", "out to in"), told(page));
        }

        @Test
        @DisplayName("V10 the provider refuses a token twice: ended once, a second later")
        void refusedTwice() {
            Page page = signedInPage("custom");
            page.evaluate("fake.always = 'definitive'; void sync.sync({fresh: true})");
            settles(page, "backing-off");
            advance(page, 1_100);
            settles(page, "refused");
            assertEquals(true, page.evaluate("fake.times.at(-1) - fake.times.at(-2) >= 1000"));
            assertEquals(1, server.count("DELETE"));
            assertEquals("out", page.evaluate("sync.state"));
        }

        @Test
        @DisplayName("V11 the provider refuses a token once: nothing cleared")
        void refusedOnce() {
            Page page = signedInPage("custom");
            page.evaluate("fake.plan = ['definitive']; void sync.sync({fresh: true})");
            settles(page, "backing-off");
            advance(page, 1_100);
            settles(page, "in");
            assertEquals(0, server.count("DELETE"));
        }

        @Test
        @DisplayName("V20 offline when a refresh is due: parked, and made up for within two seconds of being online")
        void offline() {
            Page page = signedInPage("custom");
            context.setOffline(true);
            advance(page, 50_000);
            assertEquals(1, calls(page).size());
            context.setOffline(false);
            advance(page, 1_900);
            until(page, () -> server.count("POST") == 2);
            settles(page, "in");
        }

        @Test
        @DisplayName("V21 server down for 45 seconds: nothing cleared, recovers alone")
        void serverDown() {
            signedIn("alice", 60);
            server.posts.always(Reply.refusal(503, "keys-unavailable"));
            Page page = open("custom");
            settles(page, "backing-off");
            for (int i = 0; i < 9; i++) {
                advance(page, 5_000);
            }
            settles(page, "degraded");
            server.posts.always(null);
            advance(page, 60_000);
            settles(page, "in");
            assertEquals(0, server.count("DELETE"));
        }

        @Test
        @DisplayName("V22 Retry-After 7: the next attempt comes after 7 to 8 seconds, whatever else happens")
        void retryAfter() {
            signedIn("alice", 60);
            server.posts.next(Reply.tryLater(7));
            Page page = open("custom");
            settles(page, "backing-off");
            page.evaluate("window.dispatchEvent(new Event('focus')); fake.changed()");
            advance(page, 6_900);
            assertEquals(1, server.count("POST"));
            advance(page, 1_000);
            settles(page, "in");
            assertEquals(2, server.count("POST"));
        }

        @Test
        @DisplayName("an answer that breaks off half-way: its cookies count, and nothing is posted twice")
        void brokenOff() {
            signedIn("alice", 60);
            server.posts.next(Reply.cutOff());
            Page page = open("custom");
            settles(page, "in");
            assertEquals(1, server.count("POST"));
            assertEquals("alice", visitor(page));
        }

        @ParameterizedTest(name = "an answer of {0} that is not ours is trouble on the way, not an answer")
        @ValueSource(ints = {200, 302, 401, 403, 404, 413})
        void notOurs(int status) {
            Page page = signedInPage("custom", 3_600);
            server.posts.next(Reply.foreign(status));
            advance(page, 1_000);
            page.evaluate("void sync.sync({fresh: true})");
            settles(page, "backing-off");
            advance(page, 1_000);
            settles(page, "in");
            assertEquals(0, server.count("DELETE"));
            assertEquals(3, server.count("POST"));
        }

        @ParameterizedTest(name = "our own {0} stops the script with one line that says why")
        @ValueSource(ints = {403, 404, 405, 413, 415})
        void ours(int status) {
            signedIn("alice", 60);
            server.posts.always(Reply.refusal(status, "code"));
            Page page = open("custom");
            settles(page, "blocked");
            tick(page, 120_000);
            assertEquals(1, server.count("POST"));
            assertEquals(1, complaints().size(), console.toString());
        }

        @Test
        @DisplayName("a token the server refuses is replaced once; then the script slows down and clears nothing")
        void refusedByServer() {
            Page page = signedInPage("custom");
            server.posts.always(Reply.refusal(401, "invalid"));
            advance(page, 1_000);
            page.evaluate("void sync.sync({fresh: true})");
            until(page, () -> server.count("POST") == 2);
            advance(page, 1_000);
            settles(page, "refused");
            assertEquals(0, server.count("DELETE"));
            assertTrue(cookies().contains("__Host-signin=alice"), cookies());
            server.posts.always(null);
            advance(page, 120_000);
            settles(page, "in");
        }

        @Test
        @DisplayName("a server that accepts but whose cookie does not show: stopped, one console error, no loop")
        void blockedCookies() {
            signedIn("alice", 60);
            server.writesCookies(false);
            Page page = open("custom?on=reload");
            settles(page, "blocked");
            tick(page, 290_000); // in five minutes it looks again
            assertEquals(1, server.count("POST"));
            assertEquals(1, complaints().size(), console.toString());
            assertTrue(complaints().get(0).contains("Cookies may be blocked"));
            assertEquals("unknown", page.evaluate("sync.ready"));
        }
    }

    @Nested
    class Time {

        @Test
        @DisplayName(
                "V17 refresh ahead: tokens of 60 seconds are replaced 45 to 48 seconds after their issue, and the server"
                        + " never sees one that has expired")
        void refreshAhead() throws IOException {
            Page page = signedInPage("custom");
            for (int period = 2; period <= 4; period++) {
                for (int i = 0; i < 17; i++) {
                    advance(page, 2_500);
                    assertEquals("alice", visitor(page));
                }
                while (server.count("POST") < period) {
                    tick(page, 500);
                    settles(page, "in");
                }
            }
            List<ScriptedServer.Received> posts = server.received("POST");
            assertEquals(4, posts.size());
            for (int i = 1; i < posts.size(); i++) {
                double age = posts.get(i).atMillis() / 1000.0 - posts.get(i - 1).issuedAt();
                assertTrue(age >= 44 && age <= 49, "replaced after " + age);
                assertEquals(
                        posts.get(i - 1).body(),
                        posts.get(i).cookies().get("__Host-signin"),
                        "the one before is there");
                assertTrue(posts.get(i).atMillis() < posts.get(i - 1).expiresAt() * 1_000, "and still counts");
            }
        }

        @Test
        @DisplayName("V18 a hidden tab rests; it is up to date as soon as it is looked at")
        void hidden() {
            Page page = signedInPage("custom");
            page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true})");
            tick(page, 120_000);
            assertEquals(1, server.count("POST"));
            page.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))");
            advance(page, 100);
            until(page, () -> server.count("POST") == 2);
        }

        @Test
        @DisplayName("V19 a laptop that slept past expiry: one request, nothing cleared")
        void sleep() {
            Page page = signedInPage("custom");
            server.advance(3_600_000);
            page.clock().fastForward(3_600_000);
            until(page, () -> server.count("POST") == 2);
            settles(page, "in");
            advance(page, 5_000);
            assertEquals(2, server.count("POST"));
            assertEquals(0, server.count("DELETE"));
            assertEquals(List.of("out to in"), told(page));
        }

        @ParameterizedTest(name = "a browser clock that is {0} s off neither signs out nor keeps anybody busy")
        @ValueSource(ints = {-600, 600})
        void wrongClock(int seconds) {
            server.advance(seconds * -1_000L);
            context.addInitScript("window.secondsAhead = " + seconds);
            Page page = signedInPage("custom");
            advance(page, 180_000);
            assertTrue(server.count("POST") <= 5, "as often as with a right clock");
            page.navigate(server.page("custom"));
            settles(page, "in");
            advance(page, 40_000);
            assertTrue(server.count("POST") <= 7, "a page load may need one to learn the time");
            assertEquals(0, server.count("DELETE"));
        }
    }

    @Nested
    class ManyTabs {

        @Test
        @DisplayName(
                "V25 four tabs: one request a period; when the one that makes it closes, another takes over in time")
        void oneRefreshForAll() {
            List<Page> pages = new ArrayList<>(List.of(signedInPage("custom")));
            for (int i = 0; i < 3; i++) {
                Page page = open("custom");
                settles(page, "in");
                pages.add(page);
            }
            assertEquals(1, server.count("POST"));
            advanceAll(pages, 100_000);
            assertEquals(3, server.count("POST"));

            pages.remove(0).close();
            advanceAll(pages, 100_000);
            assertEquals(5, server.count("POST"));
            pages.forEach(page -> assertEquals("in, in", stateOf(page)));
        }

        @Test
        @DisplayName("V25 a tab that holds the lock and does nothing: another refreshes before expiry")
        void theKeeperIsStuck() {
            Page page = open("empty");
            page.evaluate("void navigator.locks.request('__Host-signin-mark /app/signin-sync/session',"
                    + " () => new Promise(() => {}))");
            signedIn("alice", 60);
            Page other = open("custom");
            settles(other, "in");
            advance(other, 58_000);
            assertEquals(2, server.count("POST"));
        }

        @Test
        @DisplayName("a frame of the same page leaves the work to it, and follows it")
        void frames() {
            signedIn("alice", 60);
            Page page = open("custom?frame");
            settles(page, "in");
            assertEquals(1, server.count("POST"));
            Frame inner = page.frames().get(1);
            until(page, () -> "in".equals(inner.evaluate("sync.state")));
            assertEquals(List.of(), inner.evaluate("fake.calls"));
            assertEquals(true, inner.evaluate("sync.ready.then((state) => state === 'in')"));
            page.evaluate("fake.signOut()");
            settles(page, "out");
            until(page, () -> "out".equals(inner.evaluate("sync.state")));
            assertEquals("in to out", inner.evaluate("told.at(-1)"));
            assertEquals(1, server.count("DELETE"));
        }

        @Test
        @DisplayName("a frame of another application does not follow, and one whose page has stopped is let go")
        void framesOnTheirOwn() {
            signedIn("alice", 60);
            Page page = open("custom?frame");
            settles(page, "in");
            Frame inner = page.frames().get(1);
            until(page, () -> "in".equals(inner.evaluate("sync.state")));
            inner.evaluate("sync.stop(); options.endpoint = '/other/session'; start()");
            assertEquals(false, inner.evaluate("sync.endpoint === parent.sync.endpoint"));
            inner.evaluate("sync.stop(); delete options.endpoint; start()");
            assertEquals(true, inner.evaluate("sync.endpoint === parent.sync.endpoint"));
            assertEquals(true, inner.evaluate("SigninSync.running() === sync"));
            page.evaluate("sync.stop()");
            assertEquals(null, inner.evaluate("SigninSync.running()"));
        }

        /** All tabs live through the same seconds. */
        private void advanceAll(List<Page> pages, long millis) {
            for (long left = millis; left > 0; left -= 500) {
                tick(pages.get(0), 500);
                pages.forEach(page -> until(page, () -> !"sending".equals(wordOf(page))));
            }
        }
    }

    @Nested
    class BackForwardCache {

        @Test
        @DisplayName("V23 back to a page of the same user: restored, not reloaded, and at work again")
        void sameUser() {
            Page page = signedInPage("custom");
            page.evaluate("window.sameDocument = true");
            page.navigate(server.page("clerk"));
            settles(page, "in");
            back(page);
            until(page, () -> Boolean.TRUE.equals(page.evaluate("window.sameDocument === true")));
            settles(page, "in");
            advance(page, 50_000);
            until(page, () -> server.count("POST") == 2);
        }

        @Test
        @DisplayName("V24 back to a page of a user who has signed out: reloaded")
        void signedOutMeanwhile() {
            Page page = signedInPage("custom");
            page.evaluate("window.sameDocument = true");
            page.navigate(server.page("clerk"));
            settles(page, "in");
            page.evaluate("Clerk.signOut()");
            settles(page, "out");
            back(page);
            until(page, () -> "1".equals(page.evaluate("sessionStorage.stale")));
            until(page, () -> "3".equals(page.evaluate("sessionStorage.loads")));
            settles(page, "out");
            assertEquals("", server.lastUser());
            assertEquals(false, page.evaluate("window.sameDocument === true"));
        }

        private void back(Page page) {
            page.goBack(new Page.GoBackOptions().setWaitUntil(WaitUntilState.COMMIT));
        }
    }

    @Nested
    class Doors {

        @Test
        @DisplayName("a second start on one page returns the first instance, and stop() leaves nothing running")
        void once() {
            Page page = signedInPage("custom");
            assertEquals(true, page.evaluate("start() === sync && (start(), true)"));
            page.evaluate("sync.stop()");
            assertEquals("stopped", wordOf(page));
            page.evaluate("window.dispatchEvent(new Event('focus')); fake.changed()");
            tick(page, 300_000);
            assertEquals(1, server.count("POST"));
            assertEquals(1, calls(page).size());
        }

        @Test
        @DisplayName("the classic script starts by itself, from a dotted path")
        void classic() {
            signedIn("alice", 60);
            Page page = open("classic");
            settles(page, "in");
            assertEquals(1, server.count("POST"));
            assertEquals(List.of(), console);
        }

        @Test
        @DisplayName("a word that is none of those to choose from is complained of, and the default holds")
        void wrongWords() {
            signedIn("alice", 60);
            Page page = open("classic?data-guard=everything&data-hidden=refresh&data-provider=clrek");
            until(page, () -> "in".equals(wordOf(page)));
            assertEquals(2, complaints().size(), complaints()::toString);
            assertTrue(
                    complaints().get(0).contains("\"clrek\" is not one of auto, custom, clerk"),
                    complaints()::toString);
            assertTrue(complaints().get(1).contains("guard is \"all\""), complaints()::toString);
        }

        @Test
        @DisplayName("the classic script waits to be started when told so")
        void classicManual() {
            signedIn("alice", 60);
            Page page = open("classic?data-start=manual");
            advance(page, 1_000);
            assertEquals(0, server.count("POST"));
            assertEquals("in", page.evaluate("SigninSync.start({getToken: fake.getToken}).ready"));
        }

        @Test
        @DisplayName("a sign-in page goes on to where its visitor wanted to go, and not elsewhere")
        void returns() {
            signedIn("alice", 60);
            Page page = open("classic?data-return=/app/custom&return=/app/clerk");
            page.waitForURL(server.page("clerk"));
            page.navigate(server.page("classic?data-return=/app/custom&return=//evil.example"));
            page.waitForURL(server.page("custom"));
        }

        @Test
        @DisplayName("a page that keeps sending its visitor back to sign in is left alone after three times")
        void returnsNotForEver() {
            signedIn("alice", 60);
            String signIn = server.page("classic?data-return=/app/custom");
            Page page = open("custom");
            for (int i = 0; i < 3; i++) {
                page.navigate(signIn);
                until(page, () -> page.url().equals(server.page("custom")));
                settles(page, "in");
            }
            page.navigate(signIn);
            until(page, () -> complaints().toString().contains("again and again"));
            assertEquals(signIn, page.url());
        }

        @Test
        @DisplayName("works where there is no BroadcastChannel and where a page function throws")
        void withoutTheExtras() {
            context.addInitScript("delete window.BroadcastChannel");
            Page page = open("custom?manual");
            page.evaluate("options.subscribe = () => { throw new Error('no events'); }; start()");
            page.evaluate(
                    "sync.onChange(() => { throw new Error('page'); }); sync.onChange(({state}) => (window.now = state)); null");
            settles(page, "out");
            page.evaluate("fake.signIn('alice'); window.dispatchEvent(new Event('focus'))");
            advance(page, 1_100);
            page.evaluate("window.dispatchEvent(new Event('focus'))");
            settles(page, "in");
            assertEquals("in", page.evaluate("window.now"));
            assertTrue(console.stream().noneMatch(line -> line.startsWith("uncaught")), console.toString());
        }

        @Test
        @DisplayName("ensureFresh() answers from the cookie while it lasts, and fetches another token when it does not")
        void ensureFresh() {
            Page page = signedInPage("custom");
            assertEquals(true, page.evaluate("sync.ensureFresh({minTtl: 30})"));
            assertEquals(1, server.count("POST"));
            advance(page, 31_000);
            assertEquals(true, page.evaluate("sync.ensureFresh({minTtl: 30})"));
            assertEquals(2, server.count("POST"));
            page.evaluate("fake.always = 'network'");
            advance(page, 31_000);
            assertEquals(false, page.evaluate("sync.ensureFresh({minTtl: 30})"));
        }

        @Test
        @DisplayName("plain http, where browsers cannot hash: one request per page load, then the mark is trusted")
        void plainHttp() {
            server.close();
            server = new ScriptedServer(
                    container, null, settings -> settings.cookieSecure(false).cookieName("signin"));
            signedIn("alice", 60);
            Page page = context.newPage();
            String url = server.page("custom").replace("localhost", "plain.test");
            page.navigate(url);
            settles(page, "in");
            assertEquals("undefined", page.evaluate("typeof crypto.subtle"));
            assertEquals("in", page.evaluate("sync.sync()"));
            assertEquals(1, server.count("POST"));
            page.navigate(url);
            settles(page, "in");
            assertEquals(2, server.count("POST"));
            page.evaluate("localStorage.setItem('session', 'null'); fake.changed()");
            advance(page, 100);
            settles(page, "backing-off");
            advance(page, 1_100);
            settles(page, "out");
        }
    }

    // What the tests say and do.

    private void signedIn(String user, int life) {
        context.addInitScript(
                "if (location.host) localStorage.session ??= JSON.stringify({user: '%s', sid: '%s-1', life: %d})"
                        .formatted(user, user, life));
    }

    private Page open(String page) {
        Page opened = context.newPage();
        opened.navigate(server.page(page));
        return opened;
    }

    private Page signedInPage(String provider) {
        return signedInPage(provider, 60);
    }

    private Page signedInPage(String provider, int life) {
        signedIn("alice", life);
        Page page = open(provider);
        settles(page, "in");
        return page;
    }

    private void advance(Page page, long millis) {
        for (long left = millis; left > 0; left -= 2_500) {
            tick(page, Math.min(left, 2_500));
            // The network does not know of the moved clock: it gets the time it needs.
            until(page, () -> server.holds() || !"sending".equals(wordOf(page)));
        }
    }

    private void tick(Page page, long millis) {
        server.advance(millis);
        page.clock().runFor(millis);
        letCookiesEnd(page);
    }

    /** The browser's cookie jar does not know of the moved clock. */
    private void letCookiesEnd(Page page) {
        if (!server.cookieEnds().anyHasPassed()) {
            return;
        }
        CDPSession browser = context.newCDPSession(page);
        for (Cookie cookie : context.cookies()) {
            if (server.cookieEnds().havePassed(cookie.name, cookie.value)) {
                JsonObject named = new JsonObject();
                named.addProperty("name", cookie.name);
                named.addProperty("domain", cookie.domain);
                browser.send("Network.deleteCookies", named);
            }
        }
        browser.detach();
    }

    private void settles(Page page, String word) {
        until(page, () -> word.equals(wordOf(page)));
    }

    /** Lets a little time pass until it is so. */
    private void until(Page page, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!holds(condition)) {
            assertTrue(System.nanoTime() < deadline, () -> "Not within ten seconds; " + stateOf(page) + "; " + console);
            tick(page, 10);
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (PlaywrightException navigating) {
            return false;
        }
    }

    private static Object wordOf(Page page) {
        return page.evaluate("document.documentElement.dataset.signinSync");
    }

    /** Whom the application sees when this page fetches something from it; empty for nobody. */
    private String visitor(Page page) {
        assertEquals(200, page.evaluate("fetch('custom').then((answer) => answer.status)"));
        return server.lastUser();
    }

    private static String stateOf(Page page) {
        return wordOf(page) + ", " + page.evaluate("sync.state");
    }

    private static List<?> calls(Page page) {
        return (List<?>) page.evaluate("fake.calls");
    }

    private static List<?> told(Page page) {
        return (List<?>) page.evaluate("told");
    }

    private List<String> complaints() {
        return console.stream().filter(line -> line.startsWith("Signin Sync:")).toList();
    }

    /** The cookie jar; of a token, whose it is. */
    private String cookies() {
        return context.cookies().stream()
                .map(cookie -> cookie.name + "=" + (cookie.name.endsWith("signin") ? ownerOf(cookie) : cookie.value))
                .toList()
                .toString();
    }

    private static String ownerOf(Cookie token) {
        try {
            return ScriptedServer.claims(token.value).path("sub").asText();
        } catch (IOException notAToken) {
            throw new UncheckedIOException(notAToken);
        }
    }

    /** No page may find in its session what another user left there. */
    private void assertSessionsArePersonal() {
        for (ScriptedServer.Visit visit : server.visits()) {
            assertTrue(
                    visit.session().isEmpty() || visit.session().equals(visit.user()),
                    () -> "a session crossed over: " + server.visits());
        }
    }
}
