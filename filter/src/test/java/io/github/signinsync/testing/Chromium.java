// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.testing;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real browser for tests: found on this machine, started once per test class, closed without leftovers.
 *
 * <p>It is looked for in the system property {@code chromium}, the variable {@code CHROME_BIN}, on the {@code PATH}, and
 * among the browser driver's own downloads, in this order. It reaches this machine only: {@code localhost}, {@code
 * 127.0.0.1} and, for pages that must not count as secure, every name under {@code .test}.
 */
public final class Chromium implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final String MISSING = "no Chromium found. Install one (Debian, Ubuntu: apt-get install chromium) "
            + "or name it with -Dchromium=/path/to/chromium or CHROME_BIN.";

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /**
     * Starts the browser; skips the calling test, with one line on standard error, where there is none.
     *
     * @throws IllegalStateException if there is none and the variable {@code CI} is {@code true}, so that a build server
     *     never passes by skipping
     */
    public static Chromium launch() {
        Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(driverEnvironment()));
        try {
            return new Chromium(playwright, launch(playwright));
        } catch (RuntimeException | Error notStarted) {
            playwright.close();
            throw notStarted;
        }
    }

    private static Browser launch(Playwright playwright) {
        BrowserType.LaunchOptions options = new BrowserType.LaunchOptions()
                // Playwright switches the back/forward cache off; users have it.
                .setIgnoreDefaultArgs(List.of("--disable-back-forward-cache"))
                .setArgs(
                        List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-blink-features=AutomationControlled",
                                "--host-resolver-rules=MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"));
        Path downloaded = Path.of(playwright.chromium().executablePath());
        Optional<Path> found = find().or(() -> Optional.of(downloaded).filter(Files::isExecutable));
        return playwright.chromium().launch(options.setExecutablePath(found.orElseGet(Chromium::missing)));
    }

    /** Opens a browser profile of its own: no cookies, no storage, nothing shared with other tests. */
    public BrowserContext newContext() {
        return browser.newContext();
    }

    /** Opens the browser's own DevTools protocol, for what the driver keeps from pages: being hidden, being frozen. */
    public CDPSession devTools() {
        return browser.newBrowserCDPSession();
    }

    /** Ends the browser and its driver. */
    @Override
    public void close() {
        try (playwright) {
            browser.close();
        }
    }

    private static Optional<Path> find() {
        Stream<String> named = Stream.of(System.getProperty("chromium"), System.getenv("CHROME_BIN"));
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        Stream<String> installed = NAMES.stream()
                .flatMap(name -> Stream.of(path.split(File.pathSeparator))
                        .filter(folder -> !folder.isEmpty())
                        .map(folder -> folder + File.separator + name));
        return Stream.concat(named, installed)
                .filter(candidate -> candidate != null && !candidate.isBlank())
                .map(Path::of)
                .filter(candidate -> Files.isRegularFile(candidate) && Files.isExecutable(candidate))
                .findFirst();
    }

    private static Path missing() {
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException("BROWSER TESTS CANNOT RUN: " + MISSING);
        }
        if (!TOLD.getAndSet(true)) {
            System.err.println("BROWSER TESTS SKIPPED: " + MISSING);
        }
        return Assumptions.abort(MISSING);
    }

    private static Map<String, String> driverEnvironment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        Optional.ofNullable(System.getenv("PLAYWRIGHT_NODEJS_PATH"))
                .ifPresent(node -> environment.put("PLAYWRIGHT_NODEJS_PATH", node));
        return environment;
    }
}
