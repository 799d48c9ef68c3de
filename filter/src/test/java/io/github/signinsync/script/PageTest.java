// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.github.signinsync.testing.Chromium;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the script does for the forms and requests of a page, and what it tells its visitor, in a real browser. */
@ParameterizedClass(name = "{0}")
@EnumSource(Container.class)
@Timeout(60)
class PageTest {

    private static final String BLOCKED = "Not sent: your sign-in has ended. Your entries are still here.";

    @AutoClose
    private static Chromium chromium;

    private final Container container;
    private ScriptedServer server;
    private BrowserContext context;
    private final List<String> uncaught = new ArrayList<>();

    PageTest(Container container) {
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
        context.onWebError(error -> uncaught.add(error.error()));
    }

    @AfterEach
    void closeProfile() {
        context.close();
        server.close();
        assertEquals(List.of(), uncaught);
    }

    @Nested
    class HeldForms {

        @ParameterizedTest(name = "V27 {0}: a fresh cookie comes first, then the form, once, as it would have been")
        @ValueSource(strings = {"save", "copy", "send", "map"})
        void freshCookieFirst(String button) {
            Page page = signedInPage("forms");
            page.setInputFiles(
                    "input[type=file]", new FilePayload("scan.txt", "text/plain", "a scan\n".getBytes(UTF_8)));
            click(page, button);
            until(page, () -> server.count("FORM") == 1);
            age(page, 50_000);
            click(page, button);
            until(page, () -> server.count("FORM") == 2);

            assertEquals(List.of("POST", "FORM", "POST", "FORM"), server.log());
            List<ScriptedServer.Received> forms = server.received("FORM");
            assertEquals(withoutBoundary(forms.get(0)), withoutBoundary(forms.get(1)));
            assertTrue(
                    forms.get(1).body().contains(button.equals("map") ? "map.x" : button),
                    forms.get(1).body());
            assertEquals(2, list(page, "events").size());
            tick(page, 10_000);
            assertEquals(2, server.count("FORM"));
            assertEquals("sent", page.evaluate("document.querySelector('#claim').getAttribute('action')"));
            assertEquals(false, page.evaluate("document.querySelector('#claim').hasAttribute('enctype')"));
        }

        @Test
        @DisplayName("V27 form.submit(): sent with the fields it had then, even if they are gone")
        void byScript() {
            Page page = agedPage("forms");
            page.evaluate("submitByScript()");
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "POST", "FORM"), server.log());
            assertTrue(server.received("FORM").get(0).body().endsWith("&command=delete"));
        }

        @Test
        @DisplayName("form.submit() of a form that is taken out of the page right after is sent, too")
        void takenOut() {
            Page page = agedPage("forms");
            page.evaluate("fake.plan = ['held']");
            page.evaluate("window.claim = document.forms.claim;"
                    + " HTMLFormElement.prototype.submit.call(claim); claim.parentNode.removeChild(claim)");
            page.evaluate("fake.release()");
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "POST", "FORM"), server.log());
        }

        @Test
        @DisplayName("form.submit() is not held where only submit events are guarded; a click is")
        void onlyEvents() {
            Page page = agedPage("forms?guard=submit");
            page.evaluate("submitByScript()");
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "FORM"), server.log());
            click(page, "save");
            until(page, () -> server.count("FORM") == 2);
            assertEquals(List.of("POST", "FORM", "POST", "FORM"), server.log());
        }

        @Test
        @DisplayName("nothing is held where the guard is off")
        void off() {
            Page page = agedPage("forms?guard=off");
            click(page, "save");
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "FORM"), server.log());
        }

        @ParameterizedTest(name = "a button counts as of the click, whatever its page does meanwhile: {0}")
        @ValueSource(strings = {"save.remove()", "save.disabled = true", "save.value = 'else'"})
        void buttonChanged(String change) {
            Page page = agedPage("forms");
            page.evaluate("fake.plan = ['held']");
            click(page, "save");
            page.evaluate(change);
            page.evaluate("fake.release()");
            until(page, () -> server.count("FORM") == 1);
            assertTrue(server.received("FORM").get(0).body().contains("&do=save&"));
        }

        @Test
        @DisplayName("a second click is the same submission; text typed meanwhile is kept, not sent")
        void doubleClick() {
            Page page = agedPage("forms");
            page.evaluate("fake.plan = ['held']");
            click(page, "save");
            click(page, "save");
            page.fill("[name=note]", "typed later");
            page.evaluate("fake.release()");
            until(page, () -> server.count("FORM") == 1);
            tick(page, 10_000);
            assertEquals(1, server.count("FORM"));
            assertEquals(List.of("held claim true", "released claim true"), list(page, "events"));
            assertTrue(server.received("FORM").get(0).body().startsWith("note=two+windows"));
            assertEquals("typed later", page.inputValue("[name=note]"));
            click(page, "save");
            until(page, () -> server.count("FORM") == 2);
        }

        @Test
        @DisplayName("a form is not sent by a page that was left meanwhile")
        void left() {
            Page page = agedPage("forms");
            page.evaluate("fake.plan = ['held']");
            click(page, "save");
            page.evaluate(
                    "window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true})); fake.release()");
            tick(page, 10_000);
            assertEquals(0, server.count("FORM"));
            page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))");
            tick(page, 10_000);
            assertEquals(0, server.count("FORM"));
        }
    }

    @Nested
    class PassingForms {

        @Test
        @DisplayName("V28 fresh cookie: sent at once, and nobody prevented it")
        void fresh() {
            Page page = signedInPage("forms");
            page.evaluate("window.addEventListener('submit', (event) => (window.prevented = event.defaultPrevented))");
            click(page, "save");
            assertEquals(false, page.evaluate("prevented"));
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "FORM"), server.log());
            assertEquals(List.of(), list(page, "events"));
            assertEquals(List.of(), list(page, "said"));
        }

        @ParameterizedTest(name = "a token of {0} s, {1} ms before it ends: held is {2}")
        @CsvSource({
            "60, 15001, false", "60, 15000, true", "60, 14999, true",
            "240, 60001, false", "240, 60000, true", "240, 59999, true",
        })
        void border(int life, long left, boolean held) {
            signedIn(life);
            server.posts.hold();
            Page page = open("forms");
            until(page, () -> server.count("POST") == 1);
            tick(page, 5_000); // from so slow an answer, the script does not learn the time
            server.posts.release();
            settles(page, "in");
            page.evaluate("fake.always = 'network'");
            Object lasts = page.evaluate("document.cookie.split('.')[1] * 1000 - Date.now()");
            tick(page, ((Number) lasts).longValue() - left);
            click(page, "save");
            assertEquals(held ? "held claim true" : null, page.evaluate("events[0]"));
        }

        @ParameterizedTest(name = "{0} is not held, though the cookie is nearly dead")
        @ValueSource(strings = {"get", "abroad", "plain", "exempt"})
        void notOurs(String button) {
            Page page = agedPage("forms");
            click(page, button);
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "FORM"), server.log());
        }

        @Test
        @DisplayName("what a button makes a POST is held, though its form is a GET")
        void postByButton() {
            Page page = agedPage("forms");
            click(page, "post");
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "POST", "FORM"), server.log());
        }

        @Test
        @DisplayName("what the page prevents stays prevented, also by a handler that was added last of all")
        void prevented() {
            Page page = agedPage("forms");
            click(page, "prevented");
            page.evaluate("window.addEventListener('submit', (event) => event.preventDefault(), {once: true})");
            click(page, "save");
            tick(page, 10_000);
            assertEquals(0, server.count("FORM"));
            assertEquals(List.of(), list(page, "events"));
        }

        @Test
        @DisplayName("anonymous forms are never held, nor the one that ends the application's own session after ours")
        void anonymous() {
            Page page = open("forms");
            settles(page, "out");
            page.evaluate("fake.always = 'network'");
            click(page, "save");
            until(page, () -> server.count("FORM") == 1);
            page.evaluate("fake.always = ''; fake.signIn('alice')");
            settles(page, "in");
            page.evaluate("void sync.signOut(fake.signOut)");
            settles(page, "out");
            click(page, "save");
            until(page, () -> server.count("FORM") == 2);
            assertEquals(List.of(), list(page, "events"));
        }
    }

    @Nested
    class BlockedForms {

        @Test
        @DisplayName("V29 expired, and the provider fails: not sent, entries kept, said once")
        void expired() {
            Page page = signedInPage("forms");
            fail(page, 61_000);
            page.fill("[name=note]", "an hour of work");
            click(page, "save");
            tick(page, 4_900);
            assertEquals(List.of("held claim true"), list(page, "events"));
            tick(page, 200);
            assertEquals(List.of("held claim true", "blocked claim true"), list(page, "events"));
            tick(page, 20_000);
            assertEquals(0, server.count("FORM"));
            assertEquals("an hour of work", page.inputValue("[name=note]"));
            assertEquals(List.of("One moment, please.", BLOCKED), list(page, "said.slice(-2)"));
        }

        @Test
        @DisplayName("a form for another window waits four seconds, as long as the browser lets it open one")
        void otherWindow() {
            Page page = signedInPage("forms");
            fail(page, 61_000);
            click(page, "open");
            tick(page, 3_900);
            assertEquals(1, list(page, "events").size());
            tick(page, 200);
            assertEquals(2, list(page, "events").size());
        }

        @Test
        @DisplayName("nearly expired, and the provider fails: sent without further delay")
        void stillAlive() {
            Page page = signedInPage("forms");
            fail(page, 50_000);
            click(page, "save");
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "FORM"), server.log());
            assertEquals(List.of("held claim true", "released claim true"), list(page, "events"));
        }

        @Test
        @DisplayName("expired, and the provider fails once: sent with the fresh cookie of the second attempt")
        void secondAttempt() {
            Page page = signedInPage("forms");
            fail(page, 61_000);
            page.evaluate("window.dispatchEvent(new Event('focus'))");
            tick(page, 100);
            page.evaluate("fake.always = ''; fake.plan = ['network']");
            click(page, "save");
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "POST", "FORM"), server.log());
            assertEquals(2, list(page, "events").size());
        }

        @Test
        @DisplayName("expired: sent if the page insists")
        void forced() {
            Page page = signedInPage("forms");
            fail(page, 61_000);
            page.evaluate("window.force = true");
            click(page, "save");
            tick(page, 5_100);
            until(page, () -> server.count("FORM") == 1);
            assertEquals(List.of("POST", "FORM"), server.log());
            assertEquals("", page.textContent("[data-signin-sync-status]"));
        }

        @Test
        @DisplayName("signed out at the provider: not sent, and no redirect to a sign-in page takes the entries")
        void signedOut() {
            Page page = signedInPage("clerkforms");
            page.evaluate("Clerk.signOut()");
            settles(page, "out");
            click(page, "save");
            until(page, () -> list(page, "events").size() == 2);
            assertEquals(0, server.count("FORM"));
            assertEquals(List.of("You are signed out.", "One moment, please.", BLOCKED), list(page, "said"));
        }

        @Test
        @DisplayName("another user meanwhile: a form of the one is not sent as the other")
        void anotherUser() {
            Page page = agedPage("forms");
            page.evaluate("localStorage.session = JSON.stringify({user: 'bob', sid: 'bob-1', life: 60})");
            click(page, "save");
            until(page, () -> list(page, "events").size() == 2);
            assertEquals("blocked claim true", page.evaluate("events[1]"));
            assertEquals(0, server.count("FORM"));
        }
    }

    @Nested
    class Requests {

        @ParameterizedTest(name = "V30 {0}: five that meet an expired cookie share one sync, and each is repeated once")
        @ValueSource(strings = {"fetch", "request", "xhr"})
        void repeated(String how) {
            Page page = lapsedPage("forms?hook=fetch+xhr");
            server.posts.hold();
            start(page, "Promise.all([1, 2, 3, 4, 5].map((i) => ask('" + how + "', 'api', 'POST', `body ${i}`)))");
            until(page, () -> server.count("API") == 5 && server.count("POST") == 2);
            server.posts.release();
            List<?> answers = answers(page);
            for (int i = 1; i <= 5; i++) {
                assertTrue(answers.get(i - 1).toString().startsWith("200 POST body " + i), answers.toString());
            }
            assertEquals(2, server.count("POST"));
            assertEquals(2, list(page, "fake.calls").size());
            assertEquals(10, server.count("API"));
            assertEquals(
                    5,
                    server.received("API").stream()
                            .filter(request -> request.headers().containsKey("Signin-sync-retry"))
                            .count());
        }

        @ParameterizedTest(name = "V31 {0}: a 401 of the application''s own is not repeated")
        @ValueSource(strings = {"fetch", "request", "xhr"})
        void ownRefusal(String how) {
            Page page = lapsedPage("forms?hook=fetch+xhr");
            start(page, "ask('" + how + "', 'api?own', 'POST', 'once').then((answer) => [answer])");
            assertTrue(answers(page).get(0).toString().startsWith("401 own"));
            assertEquals(List.of("POST", "API"), server.log());
        }

        @ParameterizedTest(name = "{0}: what was redirected may have been done already, and is not repeated")
        @ValueSource(strings = {"fetch", "request", "xhr"})
        void redirected(String how) {
            Page page = lapsedPage("forms?hook=fetch+xhr");
            start(page, "ask('" + how + "', 'api?moved', 'POST', 'once').then((answer) => [answer])");
            assertTrue(answers(page).get(0).toString().startsWith("401 expired"));
            assertEquals(List.of("POST", "API", "API"), server.log());
        }

        @ParameterizedTest(name = "{0}: no repetition unless asked for")
        @CsvSource({"fetch, forms", "xhr, forms", "fetch, forms?hook=xhr", "xhr, forms?hook=fetch"})
        void notAskedFor(String how, String pageName) {
            Page page = lapsedPage(pageName);
            start(page, "ask('" + how + "').then((answer) => [answer])");
            assertTrue(answers(page).get(0).toString().startsWith("401 expired"));
            assertEquals(List.of("POST", "API"), server.log());
        }

        @ParameterizedTest(name = "{0}: a second 401 is the answer, and so is the first when no fresh cookie comes")
        @ValueSource(strings = {"fetch", "request", "xhr"})
        void onlyOnce(String how) {
            Page page = lapsedPage("forms?hook=fetch+xhr");
            page.evaluate("fake.plan = ['network']");
            start(page, "ask('" + how + "').then((answer) => [answer])");
            assertTrue(answers(page).get(0).toString().startsWith("401 expired"));
            assertEquals(1, server.count("API"));
            page.route("**/app/api", route -> {
                server.lapse();
                route.resume();
            });
            start(page, "ask('" + how + "').then((answer) => [answer])");
            assertTrue(answers(page).get(0).toString().startsWith("401 expired"));
            assertEquals(3, server.count("API"));
        }

        @Test
        @DisplayName("a request of one user is not repeated as another")
        void anotherUser() {
            Page page = lapsedPage("forms?hook=fetch");
            page.evaluate("localStorage.session = JSON.stringify({user: 'bob', sid: 'bob-1', life: 60})");
            start(page, "ask('fetch').then((answer) => [answer])");
            assertEquals("401 expired", answers(page).get(0));
            assertEquals(2, server.count("POST"));
            assertEquals(1, server.count("API"));
        }

        @Test
        @DisplayName("a page notices nothing of the repetition of its XMLHttpRequest but a second upload")
        void invisible() {
            Page page = signedInPage("forms?hook=xhr");
            start(page, "ask('xhr', 'api', 'POST', 'body').then((answer) => [answer])");
            List<?> plain = answers(page);
            tick(page, 2_000);
            server.lapse();
            start(page, "ask('xhr', 'api', 'POST', 'body').then((answer) => [answer])");
            assertEquals(
                    plain.get(0).toString(), answers(page).get(0).toString().replaceFirst("sent1,(?=.*sent1)", ""));
            assertEquals(3, server.count("API"));
            assertEquals(List.of("one"), server.received("API").get(2).headers().get("X-page"));
        }

        @Test
        @DisplayName("response type, time limit, credentials and a type of one's own survive the repetition")
        void settings() {
            Page page = lapsedPage("forms?hook=xhr");
            start(page, """
                    ask('xhr', 'api', 'POST', '1', (xhr) => {
                      xhr.responseType = 'blob';
                      xhr.timeout = 7000;
                      xhr.withCredentials = true;
                      xhr.overrideMimeType('text/x-own');
                    }).then(async () => [await xhr.response.text(), xhr.response.type, xhr.timeout, xhr.withCredentials])
                    """);
            assertEquals(List.of("POST 1", "text/x-own", 7000, true), answers(page));
        }

        @Test
        @DisplayName("an XMLHttpRequest that is aborted while it waits is not repeated, and one opened anew is another")
        void aborted() {
            Page page = lapsedPage("forms?hook=xhr");
            page.evaluate("fake.plan = ['held']");
            start(page, "ask('xhr').then((answer) => [answer])");
            until(
                    page,
                    () -> server.count("API") == 1 && list(page, "fake.calls").size() == 2);
            page.evaluate("xhr.abort(); fake.release()");
            assertTrue(
                    answers(page).get(0).toString().endsWith(",abort0"),
                    answers(page).toString());
            tick(page, 6_000);
            assertEquals(1, server.count("API"));
        }

        @Test
        @DisplayName("a synchronous XMLHttpRequest is left alone")
        void synchronous() {
            Page page = lapsedPage("forms?hook=xhr");
            assertEquals(
                    401,
                    page.evaluate(
                            "() => { const x = new XMLHttpRequest(); x.open('GET', 'api', false); x.send(); return x.status; }"));
            assertEquals(List.of("POST", "API"), server.log());
        }
    }

    @Nested
    class Status {

        @Test
        @DisplayName("routine refreshes are nobody's concern; trouble is said after five seconds, its end as well")
        void trouble() {
            Page page = signedInPage("forms");
            assertEquals("status", page.getAttribute("[data-signin-sync-status]", "role"));
            tick(page, 50_000);
            until(page, () -> server.count("POST") == 2);
            settles(page, "in");
            assertEquals(List.of(), list(page, "said"));
            page.evaluate("fake.always = 'network'");
            until(page, () -> "backing-off".equals(wordOf(page)), 1_000);
            tick(page, 3_900);
            assertEquals(List.of(), list(page, "said"));
            tick(page, 2_000);
            assertEquals(1, list(page, "said").size());
            page.evaluate("fake.always = ''; window.dispatchEvent(new Event('focus'))");
            tick(page, 1_100);
            settles(page, "in");
            assertEquals("Your sign-in works again.", page.evaluate("said[1]"));
            tick(page, 50_000);
            assertEquals(2, list(page, "said").size());
        }

        @Test
        @DisplayName("a page of nobody is told nothing, neither of trouble nor that it is signed out")
        void nobody() {
            Page page = open("forms");
            settles(page, "out");
            page.evaluate("fake.always = 'network'; fake.changed()");
            tick(page, 20_000);
            assertEquals(List.of(), list(page, "said"));
        }
    }

    @Nested
    class Stopping {

        @Test
        @DisplayName(
                "V34 stop() while retrying: no request, no token, nothing held, nothing said, everything as it was")
        void restored() {
            context.addInitScript(
                    "window.natives = [window.fetch, window.XMLHttpRequest, HTMLFormElement.prototype.submit]");
            Page page = signedInPage("forms?hook=fetch+xhr");
            assertEquals(3, patched(page));
            fail(page, 61_000);
            click(page, "save");
            page.evaluate("sync.stop()");
            int calls = list(page, "fake.calls").size();
            until(page, () -> list(page, "events").size() == 2);
            page.evaluate("fake.always = ''; fake.changed(); window.dispatchEvent(new Event('focus'))");
            tick(page, 300_000);
            assertEquals(0, patched(page));
            assertEquals(calls, list(page, "fake.calls").size());
            assertEquals(List.of("POST"), server.log());
            click(page, "save");
            until(page, () -> server.count("FORM") == 1);
            assertEquals(2, list(page, "events").size());
        }

        @Test
        @DisplayName("V34 what somebody else has patched since stays, and does nothing of ours any more")
        void patchedSince() {
            Page page = signedInPage("forms?hook=fetch+xhr");
            page.evaluate("""
                    window.below = [window.fetch, window.XMLHttpRequest, HTMLFormElement.prototype.submit];
                    window.fetch = (...args) => below[0](...args);
                    window.XMLHttpRequest = class extends below[1] {};
                    HTMLFormElement.prototype.submit = function () { below[2].call(this); };
                    window.natives = [window.fetch, window.XMLHttpRequest, HTMLFormElement.prototype.submit];
                    fake.always = 'network';
                    sync.stop();
                    """);
            assertEquals(0, patched(page));
            tick(page, 61_000);
            server.lapse();
            page.evaluate("submitByScript()");
            start(page, "Promise.all([ask('fetch'), ask('xhr')])");
            assertTrue(
                    answers(page).stream().allMatch(answer -> answer.toString().startsWith("401")));
            assertEquals(1, server.count("FORM"));
            assertEquals(2, server.count("API"));
            assertEquals(1, server.count("POST"));
        }

        private int patched(Page page) {
            return (int)
                    page.evaluate(
                            "[window.fetch, window.XMLHttpRequest, HTMLFormElement.prototype.submit].filter((it, i) => it !== natives[i]).length");
        }
    }

    // What the tests say and do.

    private Page open(String name) {
        Page page = context.newPage();
        page.navigate(server.page(name));
        return page;
    }

    private void signedIn(int life) {
        context.addInitScript(
                "if (location.host) localStorage.session ??= JSON.stringify({user: 'alice', sid: 'alice-1', life: %d})"
                        .formatted(life));
    }

    private Page signedInPage(String name) {
        signedIn(60);
        Page page = open(name);
        settles(page, "in");
        return page;
    }

    /** Its cookie has ten seconds left, and the provider is well. */
    private Page agedPage(String name) {
        Page page = signedInPage(name);
        age(page, 50_000);
        return page;
    }

    private void age(Page page, long millis) {
        fail(page, millis);
        page.evaluate("fake.always = ''");
    }

    /** The provider fails from now on. */
    private void fail(Page page, long millis) {
        page.evaluate("fake.always = 'network'");
        tick(page, millis);
    }

    /** The filter takes its cookie for expired, for reasons of its own. */
    private Page lapsedPage(String name) {
        Page page = signedInPage(name);
        tick(page, 2_000);
        server.lapse();
        return page;
    }

    private static void click(Page page, String id) {
        page.click("#" + id, new Page.ClickOptions().setPosition(7, 9));
    }

    private static void start(Page page, String promise) {
        page.evaluate("window.answers = null; void (" + promise + ").then((all) => (window.answers = all))");
    }

    private List<?> answers(Page page) {
        until(page, () -> page.evaluate("answers") != null);
        return list(page, "answers");
    }

    private static List<?> list(Page page, String expression) {
        return (List<?>) page.evaluate(expression);
    }

    private static String withoutBoundary(ScriptedServer.Received form) {
        String type = form.headers().getOrDefault("Content-type", List.of("")).get(0);
        int boundary = type.indexOf("boundary=");
        return boundary < 0 ? form.body() : form.body().replace(type.substring(boundary + 9), "");
    }

    private void tick(Page page, long millis) {
        server.advance(millis);
        page.clock().runFor(millis);
    }

    private void settles(Page page, String word) {
        until(page, () -> word.equals(wordOf(page)));
    }

    private void until(Page page, BooleanSupplier condition) {
        until(page, condition, 10);
    }

    /** Lets time pass, in steps of so many milliseconds, until it is so. */
    private void until(Page page, BooleanSupplier condition, long step) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "Not within ten seconds; " + wordOf(page) + "; " + server.log() + "; " + uncaught);
            tick(page, step);
        }
    }

    private static Object wordOf(Page page) {
        return page.evaluate("document.documentElement.dataset.signinSync");
    }
}
