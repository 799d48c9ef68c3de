// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.token.VerifiedToken;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Our two cookies: the token, which no script can read, and the mark, which says to the script what the server holds and
 * is no secret. The only place that reads or writes them. A clearing repeats every attribute, or browsers ignore it.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/">RFC 6265bis</a>
 */
final class SessionCookies {

    private final SigninSyncConfig.Cookie config;
    private final boolean issued;
    private final Duration leeway;
    private final Clock clock;

    /**
     * Makes the cookies' room.
     *
     * @param issued false if the provider sets the token cookie itself: then nothing is ever written or cleared
     */
    SessionCookies(SigninSyncConfig.Cookie config, boolean issued, Duration leeway, Clock clock) {
        this.config = config;
        this.issued = issued;
        this.leeway = leeway;
        this.clock = clock;
    }

    /**
     * Returns the distinct values of the token cookie in the browser's order. There can be several, because a sibling
     * subdomain or a longer path may have set one of the same name.
     */
    Set<String> tokens(HttpServletRequest request) {
        Set<String> values = new LinkedHashSet<>();
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return values;
        }
        for (Cookie cookie : cookies) {
            // Null, where a container lets a cookie without a value through.
            String value = cookie.getName().equals(config.name()) ? cookie.getValue() : null;
            if (value != null && !value.isEmpty()) {
                values.add(value);
            }
        }
        return values;
    }

    /** Writes the token and its mark; both end when the token is past its leeway. */
    void hold(HttpServletResponse response, String text, VerifiedToken token) {
        write(response, config.name(), text, secondsLeft(token), true);
        mark(response, token, "in");
    }

    /** Writes the mark alone, for a token that the browser has already. */
    void confirm(HttpServletResponse response, VerifiedToken token) {
        mark(response, token, "in");
    }

    /** Clears the token, if the browser sent one, and marks its login as out for as long as such a token could live. */
    void release(HttpServletRequest request, HttpServletResponse response, VerifiedToken token) {
        clearIfSent(request, response, config.name(), true);
        mark(response, token, "out");
    }

    /** Clears whatever of ours the browser sent. */
    void clear(HttpServletRequest request, HttpServletResponse response) {
        clearIfSent(request, response, config.name(), true);
        clearIfSent(request, response, config.markName(), false);
    }

    private void mark(HttpServletResponse response, VerifiedToken token, String state) {
        String value = LoginKey.mark(token.identity()) + "." + token.expiresAt().getEpochSecond() + "." + state;
        write(response, config.markName(), value, secondsLeft(token), false);
    }

    private long secondsLeft(VerifiedToken token) {
        long end = token.expiresAt().plus(leeway).getEpochSecond();
        return Math.max(0, end - clock.instant().getEpochSecond());
    }

    private void clearIfSent(HttpServletRequest request, HttpServletResponse response, String name, boolean httpOnly) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return;
        }
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(name)) {
                write(response, name, "", 0, httpOnly);
                return;
            }
        }
    }

    private void write(HttpServletResponse response, String name, String value, long seconds, boolean httpOnly) {
        if (!issued) {
            return;
        }
        StringBuilder cookie = new StringBuilder(name)
                .append('=')
                .append(value)
                .append("; Path=")
                .append(config.path())
                .append("; Max-Age=")
                .append(seconds);
        if (config.domain() != null) {
            cookie.append("; Domain=").append(config.domain());
        }
        if (config.secure()) {
            cookie.append("; Secure");
        }
        if (httpOnly) {
            cookie.append("; HttpOnly");
        }
        cookie.append("; SameSite=").append(config.sameSite());
        response.addHeader("Set-Cookie", cookie.toString());
    }
}
