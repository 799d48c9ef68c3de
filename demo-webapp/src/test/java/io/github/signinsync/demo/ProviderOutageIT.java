// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.github.signinsync.testing.Chromium;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The demo as it is out of the box: tokens of 30 seconds, a leeway of 60, and an outage of 30, in real time. */
class ProviderOutageIT {

    /** Asks who is signed in, over and over, until the provider answers again; returns the statuses seen. */
    private static final String STATUSES_UNTIL_PROVIDER_IS_BACK = """
            async ([whoami, provider]) => {
              const statuses = new Set();
              let back = false;
              while (!back) {
                statuses.add((await fetch(whoami)).status);
                back = (await fetch(provider, { credentials: 'include' })).ok;
                await new Promise((resolve) => setTimeout(resolve, 200));
              }
              return [...statuses];
            }""";

    @Test
    void thirtySecondsWithoutTheProviderSignNobodyOut() {
        try (Chromium chromium = Chromium.launch();
                Demo demo = Demo.start(Map.of());
                Visitor visitor = new Visitor(demo, chromium.newContext())) {
            visitor.signIn("alice");
            visitor.startClaim("Stavanger");
            long expiry = visitor.tokenExpiry();
            long start = System.nanoTime();

            demo.press("down?seconds=30");
            Page page = visitor.page();
            Object statuses = page.evaluate(
                    STATUSES_UNTIL_PROVIDER_IS_BACK,
                    List.of(demo.url("account/whoami.json"), demo.providerUrl("v1/client")));

            assertEquals(List.of(200), statuses);
            assertTrue(System.nanoTime() - start > 29_000_000_000L);
            visitor.comeBack();
            visitor.awaitTokenLaterThan(expiry);
            assertEquals("Stavanger", visitor.work().get("draft"));
            assertNotNull(visitor.fetch("account/whoami.json"));
            assertEquals(0, visitor.heard("SignedOut", "user_alice").size());
        }
    }
}
