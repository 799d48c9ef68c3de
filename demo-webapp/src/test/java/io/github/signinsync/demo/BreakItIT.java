// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.github.signinsync.testing.Chromium;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each fault of the page <i>Try to break it</i>, with tokens of twelve seconds and the leeway as it comes. */
class BreakItIT {

    private static final int PATIENCE = 60_000;

    private static final String PROVIDER_ERROR = "[data-press=tokens][data-fault=fail]";
    private static final String PROVIDER_REFUSES = "[data-press=tokens][data-fault=refuse]";
    private static final String PROVIDER_REFUSES_ONCE = "[data-press=tokens][data-fault=refuse-once]";
    private static final String SLOW_PROVIDER = "[data-press=tokens][data-fault=slow]";
    private static final String SERVER_503 = "[data-press=sync]";
    private static final String OFFLINE = "[data-press=offline]";
    private static final String EXPIRE_NOW = "[data-press=expire]";
    private static final String ASK_NOW = "[data-press=ask]";

    private static Chromium chromium;
    private static Demo demo;

    private Visitor visitor;
    private Page page;

    @BeforeAll
    static void startDemoAndBrowser() {
        chromium = Chromium.launch();
        demo = Demo.start(Map.of("DEMO_TOKEN_SECONDS", "12"));
    }

    @AfterAll
    static void endDemoAndBrowser() {
        if (demo != null) {
            demo.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void openThePageSignedIn() {
        visitor = new Visitor(demo, chromium.newContext());
        page = visitor.page();
        visitor.signIn("alice");
        visitor.open("break-it");
        awaitInStep();
    }

    @AfterEach
    void closeBrowser() {
        demo.endFaults();
        visitor.close();
    }

    @Test
    void providerErrorSignsNobodyOut() {
        press(PROVIDER_ERROR);
        awaitRow("backing-off");
        long expiry = visitor.tokenExpiry();

        press(PROVIDER_ERROR);

        visitor.awaitTokenLaterThan(expiry);
        awaitInStep();
        assertServerSaidAlwaysSignedIn();
    }

    @Test
    void refusalByAProviderThatStillNamesTheUserIsNoSignOut() {
        press(PROVIDER_REFUSES);
        press(ASK_NOW);
        awaitRow("backing-off");

        press(PROVIDER_REFUSES);

        awaitInStep();
        assertServerSaidAlwaysSignedIn();
    }

    @Test
    void singleRefusalIsAskedAgain() {
        press(PROVIDER_REFUSES_ONCE);
        press(ASK_NOW);

        awaitText("#timeline", "/v1/tokens: 401");
        awaitText("#timeline", "/v1/tokens: 200");
        awaitInStep();
        assertServerSaidAlwaysSignedIn();
    }

    @Test
    void slowProviderIsWaitedFor() {
        press(SLOW_PROVIDER);
        press(ASK_NOW);

        awaitText("#timeline", "/v1/tokens: 200 after (8|9|\\d\\d)\\d\\d\\d ms");
        awaitInStep();
        assertServerSaidAlwaysSignedIn();
    }

    @Test
    void serverErrorSignsNobodyOutAndPasses() {
        press(SERVER_503);
        press(ASK_NOW);
        awaitText("#timeline", "to the server: 503");
        awaitRow("backing-off");
        long expiry = visitor.tokenExpiry();

        awaitText("#timeline", "is over");

        visitor.awaitTokenLaterThan(expiry);
        awaitInStep();
        assertServerSaidAlwaysSignedIn();
    }

    @Test
    void serverErrorThatLastsIsToldAndSoIsItsEnd() {
        demo.failSync(300);
        visitor.open("break-it");
        assertThat(page.locator(SERVER_503)).hasAttribute("aria-pressed", "true");
        press(ASK_NOW);
        awaitRow("signin-sync:degraded");

        press(SERVER_503);

        awaitRow("signin-sync:recovered");
        awaitInStep();
        assertServerSaidAlwaysSignedIn();
    }

    @Test
    void browserThatWasOfflineIsInStepAgainByItself() {
        press(OFFLINE);
        awaitText("#server-says", "not reached");
        awaitText("#token-left", "expired");

        press(OFFLINE);

        awaitText("#token-left", "s left");
        awaitInStep();
        assertEquals(0, page.locator("#strip .out").count());
    }

    @Test
    void clockTenMinutesOffMakesNoDifference() {
        // Tokens as they come: the short ones of the other tests are renewed so soon that whole seconds would count.
        try (Demo usual = Demo.start(Map.of());
                Visitor fast = new Visitor(usual, chromium.newContext());
                Visitor slow = new Visitor(usual, chromium.newContext())) {
            List<String> postsOfFast = setClock(fast, "600");
            long expiryOfFast = fast.tokenExpiry();
            List<String> postsOfSlow = setClock(slow, "-600");
            long expiryOfSlow = slow.tokenExpiry();

            fast.awaitTokenLaterThan(expiryOfFast + 10);
            assertTrue(postsOfFast.size() <= 2, postsOfFast::toString);
            slow.awaitTokenLaterThan(expiryOfSlow + 10);
            assertTrue(postsOfSlow.size() <= 2, postsOfSlow::toString);
            assertServerSaidAlwaysSignedIn(fast.page());
            assertServerSaidAlwaysSignedIn(slow.page());
        }
    }

    @Test
    void expiredTokenIsReplacedAndNothingTypedIsLost() {
        page.locator("#note").fill("Ferry & \"hotel\"");
        page.locator("#note-form button").click();
        awaitText("#note-state", "Kept for Alice Winter");
        page.locator("#note").fill("half a sen");

        page.waitForResponse(
                answer -> answer.url().endsWith("/signin-sync/session") && answer.status() == 200,
                () -> press(EXPIRE_NOW));

        awaitInStep();
        assertEquals("half a sen", page.locator("#note").inputValue());
        visitor.open("break-it");
        assertEquals("Ferry & \"hotel\"", page.locator("#kept").textContent());
        assertEquals("half a sen", page.locator("#note").inputValue());
    }

    @Test
    void noteOfNobodyIsNotKeptButStaysOnThePage() {
        try (Visitor stranger = new Visitor(demo, chromium.newContext())) {
            stranger.open("break-it");
            stranger.page().locator("#note").fill("Bergen");
            stranger.page().locator("#note-form button").click();

            assertThat(stranger.page().locator("#note-state")).containsText("Not kept, the server says 401");
            assertEquals("Bergen", stranger.page().locator("#note").inputValue());
            assertEquals("nothing yet", stranger.page().locator("#kept").textContent());
        }
    }

    /** Signs in, types something, sets the page's clock, and returns the list that its posts of tokens will come into. */
    private static List<String> setClock(Visitor visitor, String seconds) {
        visitor.signIn("alice");
        visitor.open("break-it");
        Page page = visitor.page();
        awaitInStep(page);
        List<String> posts = new ArrayList<>();
        page.onRequest(request -> {
            if (request.method().equals("POST") && request.url().endsWith("/signin-sync/session")) {
                posts.add(Instant.now().toString());
            }
        });
        page.locator("#note").fill("half a sen");
        page.locator(".clocks a[href$='clock=" + seconds + "']").click();
        page.locator("#timeline li[data-what=Clock]").waitFor();
        awaitInStep(page);
        assertEquals("half a sen", page.locator("#note").inputValue());
        return posts;
    }

    private void press(String button) {
        page.locator(button).click();
    }

    /** Waits for a row of the timeline, by its word. */
    private void awaitRow(String what) {
        page.locator("#timeline li[data-what='" + what + "']")
                .first()
                .waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE));
    }

    private void awaitText(String place, String pattern) {
        awaitText(page, place, pattern);
    }

    private static void awaitText(Page page, String place, String pattern) {
        assertThat(page.locator(place))
                .containsText(
                        Pattern.compile(pattern), new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE));
    }

    private void awaitInStep() {
        awaitInStep(page);
    }

    private static void awaitInStep(Page page) {
        assertThat(page.locator("#script-says"))
                .hasText("in", new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE));
        awaitText(page, "#server-says", "200 Alice Winter");
    }

    private void assertServerSaidAlwaysSignedIn() {
        assertServerSaidAlwaysSignedIn(page);
    }

    private static void assertServerSaidAlwaysSignedIn(Page page) {
        assertTrue(page.locator("#strip .in").count() > 0);
        assertEquals(0, page.locator("#strip i:not(.in)").count());
    }
}
