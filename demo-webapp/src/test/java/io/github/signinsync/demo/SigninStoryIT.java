// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.github.signinsync.testing.Chromium;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of six seconds and a leeway of two: everything that takes minutes in life takes seconds here. */
class SigninStoryIT {

    private static final long TOKEN_SECONDS = 6;

    private static Chromium chromium;
    private static Demo demo;

    private Visitor visitor;

    @BeforeAll
    static void startDemoAndBrowser() {
        chromium = Chromium.launch();
        demo = Demo.start(Map.of(
                "DEMO_TOKEN_SECONDS", String.valueOf(TOKEN_SECONDS),
                "SIGNIN_SYNC_LEEWAY", "2s",
                "SIGNIN_SYNC_JWKS_COOLDOWN", "1s"));
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
    void openBrowser() {
        visitor = new Visitor(demo, chromium.newContext());
    }

    @AfterEach
    void closeBrowser() {
        demo.press("up");
        visitor.close();
    }

    @Test
    void signInLeadsToThePageThatWasAskedFor() {
        visitor.signIn("alice");

        Page page = visitor.page();
        assertEquals("user_alice", page.locator("#subject").getAttribute("value"));
        assertEquals("Alice Winter", page.locator("#signed-in-as").textContent());
        assertEquals(200, page.navigate(demo.url("admin")).status());
    }

    @Test
    void roleThatIsMissingIsRefused() {
        visitor.signIn("bob");

        assertEquals(403, visitor.page().navigate(demo.url("admin")).status());
        assertEquals("Not for you", visitor.page().locator("h1").textContent());
    }

    @Test
    void workGoesOnPastTwoTokenLifetimes() {
        visitor.signIn("alice");
        visitor.startClaim("Bergen");

        visitor.awaitTokenLaterThan(visitor.tokenExpiry() + 2 * TOKEN_SECONDS);

        assertEquals("Bergen", visitor.work().get("draft"));
    }

    @Test
    void draftWrittenAsVisitorComesAlongAtSignIn() {
        visitor.startClaim("Røros & \"<b>north</b>\"");
        assertNull(visitor.work().get("user"));

        visitor.signIn("bob");
        visitor.open("work");

        assertEquals("Røros & \"<b>north</b>\"", visitor.work().get("draft"));
        assertEquals(
                "Røros & \"<b>north</b>\"",
                visitor.page().locator("#draft dd").first().textContent());
        assertEquals(
                "Røros & \"<b>north</b>\"",
                visitor.page().locator("input[name=destination]").inputValue());
    }

    @Test
    void pageThatWasAskedForComesUpByItselfAfterALongBreak() {
        visitor.signIn("alice");
        visitor.page().navigate("about:blank");
        visitor.awaitNoTokenCookie();

        visitor.open("account");

        visitor.page().waitForURL(demo.url("account"));
        visitor.page().locator("#subject").waitFor();
        assertEquals("user_alice", visitor.page().locator("#subject").getAttribute("value"));
    }

    @Test
    void deepLinkIntoOwnWorkComesUpAfterALongBreakWithoutTheSignInPage() {
        visitor.signIn("alice");
        visitor.startClaim("Bergen");
        visitor.page().navigate("about:blank");
        visitor.awaitNoTokenCookie();
        List<String> opened = new ArrayList<>();
        visitor.page().onFrameNavigated(frame -> opened.add(frame.url()));

        visitor.open("work?step=2#draft");

        visitor.page().locator("#signed-in-as").waitFor();
        assertEquals("Bergen", visitor.work().get("draft"));
        String link = demo.url("work?step=2#draft");
        assertEquals(List.of(link, link), opened);
    }

    @Test
    void keyRotationSignsNobodyOut() {
        visitor.signIn("carol");

        long expiry = visitor.tokenExpiry();
        demo.press("rotate?keep=0");
        visitor.renew();
        visitor.awaitTokenLaterThan(expiry);

        Map<?, ?> user = visitor.fetch("account/whoami.json");
        assertNotNull(user);
        assertEquals("user_carol", user.get("subject"));
    }

    @Test
    void otherUserGetsNothingOfTheFirstOnesWork() {
        visitor.signIn("alice");
        visitor.startClaim("Bergen");

        visitor.page().navigate(demo.providerUrl("?redirect_url=" + demo.url("work")));
        visitor.pick("bob");
        visitor.page().waitForURL(demo.url("work"));
        visitor.awaitUser("user_bob");

        assertNull(visitor.work().get("draft"));
        assertEquals("REPLACED", visitor.heard("SignedOut", "user_alice").get(0).get("cause"));
    }

    @Test
    void signOutHoldsFromTheNextRequestOnInEveryTab() {
        visitor.signIn("alice");
        Page other = visitor.newTab();
        other.navigate(demo.url("live"));

        visitor.signOut();

        assertNull(visitor.work().get("user"));
        assertEquals(false, visitor.work().get("session"));
        other.locator("#sign-in").waitFor();
        other.navigate(demo.url("account"));
        assertTrue(other.url().startsWith(demo.url("login")), other.url());
    }

    @Test
    void backAfterSignOutShowsNoPrivatePage() {
        visitor.signIn("alice");
        visitor.signOut();

        Page page = visitor.page();
        page.goBack();
        page.locator("#go-sign-in").waitFor();

        assertFalse(page.content().contains("user_alice"));
        assertEquals(0, page.locator("#subject").count());
    }

    @Test
    void expiredTokenTakesUserAndSessionAndTheNextTokenBringsTheWorkBack() {
        visitor.signIn("bob");
        visitor.startClaim("Tromsø");

        demo.press("down?seconds=600");
        visitor.awaitUser(null);
        assertEquals(false, visitor.work().get("session"));
        assertNull(visitor.work().get("draft"));

        demo.press("up");
        visitor.comeBack();
        visitor.awaitUser("user_bob");
        assertEquals("Tromsø", visitor.work().get("draft"));
    }

    @Test
    void loginThatEndedAtTheProviderTakesTheWorkAndIsHeardOfOnce() {
        visitor.signIn("carol");
        visitor.startClaim("Oslo");
        int heardBefore = visitor.heard("SignedOut", "user_carol").size();

        demo.press("end-logins");
        visitor.comeBack();
        visitor.awaitUser(null);
        visitor.page().locator("#sync[data-state=out]").waitFor();
        assertEquals(heardBefore + 1, visitor.heard("SignedOut", "user_carol").size());

        visitor.signIn("carol");
        assertNull(visitor.work().get("draft"));
        List<Map<?, ?>> heard = visitor.heard("SignedOut", "user_carol");
        assertEquals(heardBefore + 1, heard.size(), heard::toString);
    }
}
