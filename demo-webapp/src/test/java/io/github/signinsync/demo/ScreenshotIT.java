// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.github.signinsync.testing.Chromium;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Takes the pictures of the README into {@code target/screenshots}, and looks at every page through a phone. */
class ScreenshotIT {

    private static final Path FOLDER = Path.of("target", "screenshots");

    @Test
    void everyPageFitsAPhoneAndTheBestOnesHaveTheirPictureTaken() {
        try (Chromium chromium = Chromium.launch();
                Demo demo = Demo.start(Map.of());
                Visitor visitor = new Visitor(demo, chromium.newContext())) {
            Page page = visitor.page();
            visitor.signIn("carol");
            page.navigate(demo.providerUrl("?redirect_url=" + demo.url("live")));
            shoot(page, "provider");
            visitor.pick("alice");
            visitor.awaitUser("user_alice");
            visitor.startClaim("Bergen, two nights");

            page.navigate(demo.url("live"));
            page.locator("#left")
                    .filter(new Locator.FilterOptions().setHasText("s"))
                    .waitFor();
            shoot(page, "live");
            page.navigate(demo.url(""));
            page.locator("#sync[data-state=in]").waitFor();
            shoot(page, "home");
            page.navigate(demo.url("break-it"));
            page.locator("[data-press=sync]").click();
            page.locator("[data-press=ask]").click();
            page.locator("#timeline li[data-what=backing-off]").first().waitFor();
            page.locator("#strip i:nth-child(3)").waitFor();
            page.evaluate("scrollTo(0, 0)");
            shoot(page, "break-it");
            demo.endFaults();
            page.navigate(demo.url(""));
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            shoot(page, "home-dark");

            for (String path : List.of("", "work", "account", "admin", "live", "break-it", "nothing-here")) {
                page.navigate(demo.url(path));
                assertFits(page);
            }
        }
    }

    private static void shoot(Page page, String name) {
        page.setViewportSize(1280, 900);
        page.screenshot(new Page.ScreenshotOptions().setPath(FOLDER.resolve(name + ".png")));
        page.setViewportSize(390, 844);
        page.screenshot(new Page.ScreenshotOptions().setPath(FOLDER.resolve(name + "-phone.png")));
        assertFits(page);
    }

    private static void assertFits(Page page) {
        assertEquals(390, page.evaluate("document.documentElement.scrollWidth"), page.url());
    }
}
