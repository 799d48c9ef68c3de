// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stops a browser that loads resync pages for ever, should the script's own guard fail: 30 in ten seconds. Fewer would hit
 * people whose browser opens twenty tabs again.
 */
final class ResyncLimit {

    static final int MOST = 30;
    static final int SECONDS = 10;

    private static final String NAME = "resync";
    private static final Pattern VALUE = Pattern.compile("(\\d{1,3})\\.(\\d{1,12})");

    private final BrowserNotes notes;
    private final Clock clock;

    ResyncLimit(BrowserNotes notes, Clock clock) {
        this.notes = notes;
        this.clock = clock;
    }

    boolean isReached(HttpServletRequest request) {
        return window(request).count() >= MOST;
    }

    /** Counts one page more. */
    void count(HttpServletRequest request, HttpServletResponse response) {
        Window window = window(request);
        notes.write(response, NAME, (window.count() + 1) + "." + window.began(), SECONDS);
    }

    /** Anything unreadable, over or from the future begins a new one. */
    private Window window(HttpServletRequest request) {
        long now = clock.instant().getEpochSecond();
        return notes.read(request, NAME).stream()
                .map(ResyncLimit::parse)
                .filter(noted -> noted != null && noted.began() <= now && now < noted.began() + SECONDS)
                .max(Comparator.comparingInt(Window::count))
                .orElse(new Window(0, now));
    }

    private static @Nullable Window parse(String text) {
        Matcher matcher = VALUE.matcher(text);
        return matcher.matches()
                ? new Window(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)))
                : null;
    }

    private record Window(int count, long began) {}
}
