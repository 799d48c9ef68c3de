// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Somebody with a browser of their own, and what they can do and see in the demo. */
final class Visitor implements AutoCloseable {

    private final Demo demo;
    private final BrowserContext browser;
    private final Page page;

    Visitor(Demo demo, BrowserContext browser) {
        this.demo = demo;
        this.browser = browser;
        this.page = browser.newPage();
    }

    Page page() {
        return page;
    }

    Page newTab() {
        return browser.newPage();
    }

    void open(String path) {
        page.navigate(demo.url(path));
    }

    /** Opens a page that needs a user, and signs in when asked to. */
    void signIn(String person) {
        open("account");
        page.locator("#go-sign-in").click();
        pick(person);
        page.waitForURL(demo.url("account"));
    }

    /** Picks a person on the provider's page. */
    void pick(String person) {
        page.locator("button[name=person][value=" + person + "]").click();
    }

    void signOut() {
        page.locator("#sign-out").click();
        page.waitForURL(demo.url(""));
    }

    /** Writes the first step of a claim. */
    void startClaim(String destination) {
        open("work");
        page.locator("input[name=destination]").fill(destination);
        page.locator("form button").click();
        page.waitForURL(demo.url("work?step=2"));
    }

    /** Asks as a script of the page would; null if the answer is not 200. */
    @Nullable
    Map<?, ?> fetch(String path) {
        return (Map<?, ?>) page.evaluate(
                "async (url) => { const answer = await fetch(url); return answer.ok ? answer.json() : null; }",
                demo.url(path));
    }

    Map<?, ?> work() {
        return Objects.requireNonNull(fetch("work/state.json"));
    }

    private Map<?, ?> live() {
        return Objects.requireNonNull(fetch("live/events.json"));
    }

    /** Waits until this user is signed in, where null stands for nobody. */
    void awaitUser(@Nullable String subject) {
        await(() -> Objects.equals(subject, work().get("user")));
    }

    /** Waits until the cookie's token expires later than this, in seconds since 1970. */
    void awaitTokenLaterThan(long expiry) {
        await(() -> tokenExpiry() > expiry);
    }

    /** Waits until the browser itself has dropped the cookie, because its time is over. */
    void awaitNoTokenCookie() {
        await(() -> browser.cookies(demo.url("")).stream().noneMatch(cookie -> cookie.name.equals("signin")));
    }

    /** Returns when the cookie's token expires, in seconds since 1970; 0 for nobody. */
    long tokenExpiry() {
        return ((Number) Objects.requireNonNull(live().get("expires"))).longValue();
    }

    private void await(BooleanSupplier condition) {
        page.waitForCondition(
                () -> {
                    try {
                        page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 150))");
                        return condition.getAsBoolean();
                    } catch (PlaywrightException pageIsJustReloading) {
                        return false;
                    }
                },
                new Page.WaitForConditionOptions().setTimeout(30_000));
    }

    /** Has the page ask for a fresh token at once, as a page may before something important. */
    void renew() {
        page.evaluate("() => void window.SigninSync.start().sync({ fresh: true })");
    }

    /** What a person does who comes back to the tab. */
    void comeBack() {
        page.evaluate("window.dispatchEvent(new Event('focus'))");
    }

    /** Returns the changes of this kind that listeners heard of for this user, the latest first. */
    List<Map<?, ?>> heard(String kind, String subject) {
        List<?> events = (List<?>) Objects.requireNonNull(live().get("events"));
        return events.stream()
                .<Map<?, ?>>map(event -> (Map<?, ?>) event)
                .filter(event -> kind.equals(event.get("kind")) && subject.equals(event.get("subject")))
                .toList();
    }

    @Override
    public void close() {
        browser.close();
    }
}
