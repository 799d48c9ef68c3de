// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.github.signinsync.testing.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Takes the pictures of the README, and with them proves that no page is wider than a phone. */
class ScreenshotIT {

    private static final Path FOLDER = Path.of("target", "screenshots");

    @Test
    void everyPageFitsADesktopAndAPhone() {
        try (Chromium chromium = Chromium.launch();
                Demo demo = Demo.start(Map.of());
                Visitor visitor = new Visitor(demo, chromium.newContext())) {
            shoot(visitor, demo.url(""), "home-visitor");
            shoot(visitor, demo.url("login?return=/account"), "login");
            shoot(visitor, demo.providerUrl(""), "provider");
            visitor.signIn("carol");
            visitor.page().navigate(demo.providerUrl("?redirect_url=" + demo.url("live")));
            visitor.pick("alice");
            visitor.awaitUser("user_alice");
            visitor.startClaim("Bergen, two nights");
            shoot(visitor, demo.url("work?step=2"), "work");
            shoot(visitor, demo.url(""), "home");
            shoot(visitor, demo.url("account"), "account");
            shoot(visitor, demo.url("live"), "live");
            visitor.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            shoot(visitor, demo.url(""), "home-dark");
        }
        assertTrue(Files.isRegularFile(FOLDER.resolve("home-desktop.png")));
    }

    private static void shoot(Visitor visitor, String url, String name) {
        Page page = visitor.page();
        page.setViewportSize(1280, 900);
        page.navigate(url);
        if (page.locator("#sync").count() > 0) {
            page.locator("#sync[data-state=in], #sync[data-state=out]").waitFor();
        }
        if (page.locator("#life").count() > 0) {
            page.locator("#left")
                    .filter(new Locator.FilterOptions().setHasText("s"))
                    .waitFor();
        }
        shoot(page, name + "-desktop");
        page.setViewportSize(390, 844);
        Object tooWide = page.evaluate("document.documentElement.scrollWidth > innerWidth");
        assertTrue(Boolean.FALSE.equals(tooWide), name + " is wider than a phone");
        shoot(page, name + "-phone");
    }

    private static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(FOLDER.resolve(name + ".png")));
    }
}
