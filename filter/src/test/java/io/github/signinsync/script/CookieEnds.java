// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When the cookies that were set come to their end, by the clock of the test. A browser's own cookie jar knows only the
 * time of the machine.
 */
final class CookieEnds {

    private static final Pattern SET_COOKIE = Pattern.compile("([^=]+=[^;]*);.*Max-Age=(\\d+).*");

    private final Clock clock;
    private final Map<String, Instant> ends = new ConcurrentHashMap<>();

    CookieEnds(Clock clock) {
        this.clock = clock;
    }

    void note(String setCookie) {
        Matcher parts = SET_COOKIE.matcher(setCookie);
        if (parts.matches()) {
            ends.put(parts.group(1), clock.instant().plusSeconds(Long.parseLong(parts.group(2))));
        }
    }

    /** Tells whether the cookie with this value should be gone. */
    boolean havePassed(String name, String value) {
        Instant end = ends.get(name + "=" + value);
        return end != null && !clock.instant().isBefore(end);
    }

    /** Tells whether there is anything to look for. */
    boolean anyHasPassed() {
        return ends.values().stream().anyMatch(end -> !clock.instant().isBefore(end));
    }
}
