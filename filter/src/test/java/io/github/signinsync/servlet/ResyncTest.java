// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.testing.Chromium;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody comes back after their login expired: the real filter, its page and its script, in a real browser. */
@Timeout(60)
class ResyncTest {

    private static final String PROVIDER = "window.provider = { getToken: () => window.mint() };";

    @AutoClose
    private static Chromium chromium;

    private final List<String> answers = new ArrayList<>();
    private TestApplication app;
    private BrowserContext context;
    private Page page;

    /** Who is signed in at the provider. */
    private @Nullable String user = "alice";

    private boolean providerAnswers = true;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @BeforeEach
    void open() {
        app = start(settings -> {});
        openProfile();
    }

    private static TestApplication start(Consumer<SigninSyncConfig.Builder> more) {
        return TestApplication.start(settings -> {
            settings.loginPage("/sign-in")
                    .resyncScripts(
                            "/provider.js", "/signin-sync/signin-sync.classic.js data-get-token=provider.getToken");
            more.accept(settings);
        });
    }

    private void openProfile() {
        context = chromium.newContext();
        context.setDefaultTimeout(10_000);
        context.clock()
                .install(new Clock.InstallOptions().setTime(app.clock.instant().toEpochMilli()));
        context.exposeFunction("mint", unused -> mint());
        context.route("**/provider.js", route -> serve(route));
        context.onResponse(this::note);
        page = context.newPage();
    }

    private static void serve(Route route) {
        route.fulfill(
                new Route.FulfillOptions().setContentType("text/javascript").setBody(PROVIDER));
    }

    private @Nullable String mint() {
        if (!providerAnswers) {
            throw new IllegalStateException("no network");
        }
        return user == null ? null : app.token(user);
    }

    private void note(Response response) {
        String path = URI.create(response.url()).getPath();
        if (!path.endsWith(".js") && !path.equals("/favicon.ico")) {
            answers.add(response.request().method() + " " + path + " " + response.status());
        }
    }

    @AfterEach
    void close() {
        context.close();
        app.close();
    }

    @Test
    @DisplayName(
            "V32 a deep link with an expired cookie: one resync page, one sync, and then that page and its fragment")
    void deepLink() {
        holdExpiredToken();
        page.navigate(url("/public/start"));
        int before = historyLength();
        answers.clear();

        page.navigate(url("/private/claims?id=7#step-2"));
        arrives("user=alice");

        assertEquals(
                List.of("GET /private/claims 401", "POST /signin-sync/session 200", "GET /private/claims 200"),
                answers);
        assertEquals(url("/private/claims?id=7#step-2"), page.url());
        assertEquals(before + 1, historyLength());
    }

    @Test
    @DisplayName("V32 with a session that was hidden: the work in it is there, on a path that needs nobody too")
    void hiddenSession() {
        page.navigate(url("/public/start"));
        holdTwin();
        page.navigate(url("/private/claims"));
        arrives("user=alice");
        page.navigate(url("/private/claims?do=work&value=half"));
        forgetToken();
        answers.clear();

        page.navigate(url("/public/claims"));
        arrives("work=half");

        assertEquals(
                List.of("GET /public/claims 401", "POST /signin-sync/session 200", "GET /public/claims 200"), answers);
    }

    @Test
    @DisplayName(
            "V33 the filter keeps refusing what it took: three resync pages, then the sign-in page with the reason")
    void loopGuard() {
        context.close();
        app.close();
        app = start(settings -> settings.cookieSecure(false));
        openProfile();
        cookie("signin-n", "0", "/");
        // Three of somebody else's beside ours are more than the filter looks at, on these paths only.
        for (String path : List.of("/private", "/private/", "/private/claims")) {
            cookie("signin", "planted." + path.length() + ".x", path);
        }

        page.navigate(url("/private/claims"));
        arrives("user=alice");

        assertEquals(url("/sign-in?return=%2Fprivate%2Fclaims&reason=loop"), page.url());
        assertEquals(
                3, answers.stream().filter("GET /private/claims 401"::equals).count(), answers::toString);
    }

    @Test
    @DisplayName("V33 a minute later, and for another URL, the count begins anew")
    void loopGuardForgets() {
        holdTwin();
        page.navigate(url("/public/start"));
        page.evaluate("() => { const now = Date.now(); sessionStorage.setItem('signin-sync-resync', JSON.stringify("
                + "{'/private/a': [now - 61000, now - 61000], '/private/b': [now, now]})); }");

        page.navigate(url("/private/b"));
        arrives("user=alice");
        assertTrue(page.url().contains("/sign-in"), page.url());

        for (String path : List.of("/private/a", "/private/c")) {
            context.clearCookies();
            holdTwin();
            page.navigate(url(path));
            arrives("user=alice");
            assertEquals(url(path), page.url());
        }
    }

    @Test
    void aMarkThatSaysMoreThanTheServerKnowsIsOvercomeByAFreshToken() {
        holdTwin();
        page.navigate(url("/private/other"));
        arrives("user=alice");
        context.clearCookies(new BrowserContext.ClearCookiesOptions().setName(TestApplication.COOKIE));
        app.clock.move(Duration.ofSeconds(1));
        answers.clear();

        page.navigate(url("/private/claims"));
        arrives("user=alice");

        assertEquals(
                List.of(
                        "GET /private/claims 401",
                        "GET /private/claims 401",
                        "POST /signin-sync/session 200",
                        "GET /private/claims 200"),
                answers);
    }

    @Test
    void aTabWithoutStorageCountsToo() {
        context.addInitScript("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error(); } })");
        context.addInitScript("history.state ?? history.replaceState({ mine: 1, 'signin-sync-resync':"
                + " { '/private/b': [Date.now(), Date.now()] } }, '')");
        holdTwin();

        page.navigate(url("/private/a"));
        arrives("user=alice");
        assertEquals(url("/private/a"), page.url());
        assertEquals(1, page.evaluate("history.state.mine"));
        assertEquals(1, page.evaluate("history.state['signin-sync-resync']['/private/a'].length"));

        context.clearCookies();
        holdTwin();
        page.navigate(url("/private/b"));
        arrives("user=alice");
        assertTrue(page.url().contains("reason=loop"), page.url());
    }

    @Test
    void aLinkFromAnotherSiteIsStillFromAnotherSiteForTheApplication() {
        holdExpiredToken();
        page.navigate("http://other.test:" + app.port + "/public/x");
        answers.clear();

        page.evaluate("href => Object.assign(document.createElement('a'), { href }).click()", url("/private/claims"));
        arrives("user=alice");

        assertTrue(text().contains("site=[cross-site]"), text());
        assertEquals("GET /private/claims 401", answers.get(0));
        context.clearCookies(
                new BrowserContext.ClearCookiesOptions().setName(Pattern.compile(".*-from-.*"))); // two minutes later
        page.evaluate("location.reload()");
        arrives("site=[same-origin]");
    }

    @Test
    void aFormIsNotSentAgainUntilItsUserSaysSo() {
        page.navigate(url("/public/start"));
        holdTwin();
        answers.clear();

        submit("/private/claims?do=work&value=sent");
        page.locator("button:text('Send again')").waitFor();

        assertEquals(List.of("POST /private/claims 401", "POST /signin-sync/session 200"), answers);
        assertTrue(text().contains("has not arrived"), text());
        page.locator("button:text('Send again')").click();
        arrives("work=sent");
        assertEquals("POST /private/claims 200", answers.get(answers.size() - 1));
    }

    @Test
    void aFormCanBeGoneBackTo() {
        page.navigate(url("/public/start"));
        holdTwin();

        submit("/private/claims");
        page.locator("button:text('Go back')").click();

        until(() -> page.url().equals(url("/public/start")));
    }

    @Test
    void aFormOfAnotherSiteIsNeverSentAgain() {
        context.addCookies(List.of(new Cookie(TestApplication.COOKIE + "-n", "0")
                .setDomain("localhost")
                .setPath("/")
                .setSecure(true)
                .setSameSite(SameSiteAttribute.NONE)));
        page.navigate("http://other.test:" + app.port + "/public/x");

        submit(url("/private/claims"));
        page.locator("button:text('Go back')").waitFor();

        assertTrue(text().contains("came from another site"), text());
        assertEquals(1, page.locator("button").count());
    }

    @Test
    void whoIsSignedOutAtTheProviderComesToTheSignInPageAndIsSignedOutHere() {
        user = null;
        holdTwin();

        page.navigate(url("/private/claims#step-2"));
        arrives("user=nobody");

        assertEquals(url("/sign-in?return=%2Fprivate%2Fclaims"), page.url());
        assertEquals(
                1,
                answers.stream()
                        .filter("DELETE /signin-sync/session 200"::equals)
                        .count(),
                answers::toString);
        assertFalse(context.cookies().stream().anyMatch(cookie -> cookie.name.equals(TestApplication.COOKIE + "-n")));
    }

    @Test
    void whoIsSignedOutAtTheProviderSeesAPathThatNeedsNobody() {
        page.navigate(url("/public/start"));
        holdTwin();
        page.navigate(url("/private/claims?do=session"));
        arrives("user=alice");
        forgetToken();
        user = null;

        page.navigate(url("/public/claims#top"));
        arrives("user=nobody");

        assertEquals(url("/public/claims#top"), page.url());
    }

    @Test
    void aProviderThatFirstSaysNobodyIsAskedAgainBeforeAnythingEnds() {
        user = null;
        holdTwin();
        page.navigate(url("/private/claims"));
        until(() -> word().equals("out"));

        user = "alice";
        arrives("user=alice");

        assertFalse(answers.contains("DELETE /signin-sync/session 200"), answers::toString);
    }

    @Test
    void blockedCookiesAreExplainedAndNothingIsLoadedAgain() {
        context.addInitScript("Object.defineProperty(document, 'cookie', { get: () => '' })");
        holdTwin();

        page.navigate(url("/private/claims"));
        until(() -> text().contains("does not keep the cookies"));

        assertTrue(page.locator("a#login").isVisible());
        assertEquals(List.of("GET /private/claims 401", "POST /signin-sync/session 200"), answers);
    }

    @Test
    void aSlowProviderIsWaitedForAMinuteAndTheWayToTheSignInPageIsShownAfterSixSeconds() {
        providerAnswers = false;
        holdTwin();
        page.navigate(url("/private/claims"));
        until(() -> word().equals("backing-off"));
        assertFalse(page.locator("a#login").isVisible());

        page.clock().runFor(6_000);
        until(() -> text().contains("Still trying"));
        assertTrue(page.locator("a#login").isVisible());

        providerAnswers = true;
        page.evaluate("() => void SigninSync.start().sync()");
        arrives("user=alice");
        assertEquals(url("/private/claims"), page.url());
    }

    @Test
    void afterAMinuteNothingHappensByItself() {
        providerAnswers = false;
        holdTwin();
        page.navigate(url("/private/claims"));
        until(() -> word().equals("backing-off"));
        page.clock().runFor(61_000);
        page.locator("button:text('Try again')").waitFor();
        assertTrue(page.locator("a#login").isVisible());

        providerAnswers = true;
        page.evaluate("window.dispatchEvent(new Event('focus'))");
        until(() -> answers.contains("POST /signin-sync/session 200"));
        page.clock().runFor(5_000);
        assertTrue(text().contains("could not be signed in"), text());

        page.locator("button:text('Try again')").click();
        arrives("user=alice");
    }

    @Test
    void nothingOfThePageViolatesItsPolicy() {
        List<String> console = new ArrayList<>();
        context.onConsoleMessage(message -> console.add(message.text()));
        context.onWebError(error -> console.add(error.error()));
        holdTwin();

        page.navigate(url("/private/claims"));
        arrives("user=alice");

        assertEquals(
                List.of(),
                console.stream().filter(line -> !line.contains("401")).toList());
    }

    private void submit(String action) {
        page.evaluate("""
                action => {
                  const form = Object.assign(document.createElement('form'), { action, method: 'post' });
                  document.body.append(form);
                  form.submit();
                }""", action);
    }

    /** As when their time is over: browsers drop both. */
    private void forgetToken() {
        for (String name : List.of(TestApplication.COOKIE, TestApplication.MARK)) {
            context.clearCookies(new BrowserContext.ClearCookiesOptions().setName(name));
        }
    }

    /** As after lunch, where the browser still has the cookie. */
    private void holdExpiredToken() {
        long now = app.clock.seconds();
        cookie(
                TestApplication.COOKIE,
                app.token("alice", Map.of("iat", now - 300, "nbf", now - 300, "exp", now - 240)),
                "/");
    }

    /** As the next morning, where only that somebody was here is left. */
    private void holdTwin() {
        cookie(TestApplication.COOKIE + "-n", "0", "/");
    }

    private void cookie(String name, String value, String path) {
        context.addCookies(List.of(new Cookie(name, value)
                .setDomain("localhost")
                .setPath(path)
                .setHttpOnly(true)
                .setSecure(name.startsWith("__Host-"))
                .setSameSite(SameSiteAttribute.LAX)));
    }

    private String url(String path) {
        return "http://localhost:" + app.port + path;
    }

    private int historyLength() {
        return ((Number) page.evaluate("history.length")).intValue();
    }

    private String word() {
        return String.valueOf(page.evaluate("document.documentElement.dataset.signinSync"));
    }

    private String text() {
        return page.locator("body").innerText();
    }

    /** Waits until the application's page says so. */
    private void arrives(String line) {
        try {
            page.locator("pre:has-text('" + line + "')").waitFor();
        } catch (TimeoutError never) {
            throw new AssertionError(page.url() + "\n" + text() + "\n" + answers, never);
        }
    }

    private void until(BooleanSupplier condition) {
        page.waitForCondition(condition);
    }
}
