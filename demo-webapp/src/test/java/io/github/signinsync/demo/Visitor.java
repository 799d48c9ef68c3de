// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** Waits until the work state has this user, whom null stands for nobody. */
    void awaitUser(@Nullable String subject) {
        await("work/state.json", "(state, user) => state.user === user", subject);
    }

    /** Waits until the cookie's token expires later than this, in seconds since 1970. */
    void awaitTokenLaterThan(long expiry) {
        await("live/events.json", "(seen, expiry) => seen.user !== null && seen.expires > expiry", expiry);
    }

    long tokenExpiry() {
        return ((Number) Objects.requireNonNull(Objects.requireNonNull(fetch("live/events.json")).get("expires")))
                .longValue();
    }

    private void await(String path, String condition, @Nullable Object value) {
        page.waitForFunction(
                "async ([url, value]) => { const answer = await fetch(url); return answer.ok && (" + condition
                        + ")(await answer.json(), value); }",
                new Object[] {demo.url(path), value},
                new Page.WaitForFunctionOptions().setPollingInterval(250).setTimeout(30_000));
    }

    /** What a person does who comes back to the tab. */
    void comeBack() {
        page.evaluate("window.dispatchEvent(new Event('focus'))");
    }

    /** Returns how often listeners heard of this kind of change for this user, the latest first. */
    List<Map<?, ?>> heard(String kind, String subject) {
        List<?> events = (List<?>) Objects.requireNonNull(
                Objects.requireNonNull(fetch("live/events.json")).get("events"));
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
