// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.script.RawWindow.Tab;
import io.github.signinsync.testing.Chromium;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tabs that really are hidden and frozen, in real time with tokens that live for twelve seconds, against the real filter in
 * each container.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(Container.class)
@Timeout(60)
class HiddenTabTest {

    private static final int LIFE_SECONDS = 12;

    @AutoClose
    private static Chromium chromium;

    private final Container container;
    private final Clock clock = Clock.systemUTC();
    private ScriptedServer server;
    private RawWindow window;
    private Tab tab;

    HiddenTabTest(Container container) {
        this.container = container;
    }

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @BeforeEach
    void signIn() {
        server = new ScriptedServer(container, clock, settings -> settings.leeway(Duration.ZERO));
        window = new RawWindow(chromium.devTools());
        tab = window.open();
        tab.load(
                server.page("custom"),
                "document.addEventListener('freeze', () => (window.frozen = true));"
                        + "if (location.host) localStorage.session ??= JSON.stringify({user: 'alice', sid: 'alice-1', life: %d})"
                                .formatted(LIFE_SECONDS));
        until(() -> word().equals("in"));
        assertEquals(1, server.count("POST"));
    }

    @AfterEach
    void close() {
        window.close();
        server.close();
    }

    @Test
    @DisplayName(
            "V18 a tab that is hidden for longer than its token lives rests; looked at, it is up to date in 1.5 seconds")
    void hidden() {
        window.open();
        assertEquals("hidden", tab.evaluate("document.visibilityState"));
        tokenDies();
        assertEquals(1, server.count("POST"));

        long looked = clock.millis();
        tab.activate();
        until(() -> server.count("POST") == 2 && word().equals("in"));
        assertTrue(clock.millis() - looked <= 1_500, () -> "after " + (clock.millis() - looked) + " ms");
        assertEquals("alice", visitor());
        assertEquals(0, server.count("DELETE"));
    }

    @Test
    @DisplayName("V19 a tab that was frozen past expiry: one request when it goes on, no burst, nothing cleared")
    void frozen() {
        window.open();
        tab.freeze();
        tokenDies();
        assertEquals(1, server.count("POST"));

        tab.resume();
        tab.activate();
        until(() -> server.count("POST") == 2 && word().equals("in"));
        long back = clock.millis();
        assertEquals("true", tab.evaluate("window.frozen"));
        until(() -> clock.millis() >= back + 3_000);
        assertEquals(2, server.count("POST"));
        assertEquals(0, server.count("DELETE"));
        assertEquals("out to in", tab.evaluate("told"));
        assertEquals("alice", visitor());
    }

    /** Waits until the server and the cookie jar have both seen the token's end. */
    private void tokenDies() {
        long end = server.received("POST").get(0).atMillis() + LIFE_SECONDS * 1_000L + 1_000;
        until(() -> clock.millis() >= end);
    }

    private String word() {
        return tab.evaluate("document.documentElement.dataset.signinSync");
    }

    /** Whom the application sees. */
    private String visitor() {
        int before = server.visits().size();
        tab.evaluate("void fetch('custom')");
        until(() -> server.visits().size() > before);
        return server.lastUser();
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "Not within twenty seconds");
            LockSupport.parkNanos(20_000_000);
        }
    }
}
