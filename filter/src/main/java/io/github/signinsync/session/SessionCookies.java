// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.SessionIdentity;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.token.VerifiedToken;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Our cookies: the token, which no script can read; the mark, which says to the script what the server holds and is no
 * secret; and two generations and a twin, which tell a late answer ({@link Generations}). The only place that reads or writes them.
 * A clearing repeats every attribute, or browsers ignore it.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/">RFC 6265bis</a>
 */
final class SessionCookies {

    /** How long a twin outlives a shorter token: it is the evidence that somebody did not sign out. */
    private static final Duration EVIDENCE_LIFE = Duration.ofDays(7);

    /** The start of a mark: whose login it names. */
    private static final Pattern MARKED_LOGIN = Pattern.compile("([0-9a-f]{32})\\..*");

    private final SigninSyncConfig.Cookie config;
    private final boolean issued;
    private final Duration leeway;
    private final Duration generationLife;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * Makes the cookies' room.
     *
     * @param issued false if the provider sets the token cookie itself: then nothing is ever written or cleared
     */
    SessionCookies(SigninSyncConfig.Cookie config, boolean issued, SigninSyncConfig.Token tokens, Clock clock) {
        this.config = config;
        this.issued = issued;
        this.leeway = tokens.leeway();
        // Longer than any token lives that a late answer could bring back: exp is at most this and one more leeway
        // away.
        this.generationLife = tokens.maxLife().plus(leeway).plusHours(1);
        this.clock = clock;
    }

    /**
     * Returns the distinct values of the token cookie in the browser's order. There can be several, because a sibling
     * subdomain or a longer path may have set one of the same name.
     */
    Set<String> tokens(HttpServletRequest request) {
        return values(request, config.name());
    }

    /** Returns after which sign-out the browser and its token cookie are. */
    Generations generations(HttpServletRequest request) {
        return issued
                ? Generations.of(
                        values(request, config.generationName(), config.switchName()),
                        values(request, config.twinName()))
                : Generations.NONE;
    }

    /** Tells whether a mark of the browser names another login than this one. */
    boolean marksAnother(HttpServletRequest request, SessionIdentity identity) {
        String own = LoginKey.mark(identity);
        return values(request, config.markName()).stream()
                .map(MARKED_LOGIN::matcher)
                .anyMatch(mark -> mark.matches() && !own.equals(mark.group(1)));
    }

    /** Writes the token, its twin and its mark; token and mark end when the token is past its leeway. */
    void hold(HttpServletRequest request, HttpServletResponse response, String text, VerifiedToken token) {
        hold(response, text, token, generations(request).twin());
    }

    /** Does the same for a login that takes another's place, whose answers that are still on their way are dead from now. */
    void replace(HttpServletRequest request, HttpServletResponse response, String text, VerifiedToken token) {
        // Not the cookie that sign-outs write: a late change of user must not undo one of those.
        String next = generations(request).after(LoginKey.mark(token.identity()));
        write(response, config.switchName(), next, generationLife.toSeconds(), true);
        Generations signOuts = Generations.of(values(request, config.generationName()), Set.of());
        hold(response, text, token, signOuts.twinWith(next));
    }

    /**
     * Writes the mark alone, for a token that the browser has already. A twin without its token would be given to whichever
     * token is there when the answer arrives, another user's late one too.
     */
    void confirm(HttpServletResponse response, VerifiedToken token) {
        mark(response, token, "in");
    }

    /**
     * Signs the browser out: answers that are still on their way are dead from now, and what it sent of ours is cleared. The
     * mark says that this token's login is out, for as long as such a token could live; without one it is cleared too.
     */
    void release(HttpServletRequest request, HttpServletResponse response, @Nullable VerifiedToken token) {
        write(response, config.generationName(), Generations.fresh(random), generationLife.toSeconds(), true);
        clearIfSent(request, response, config.twinName(), true);
        suspend(request, response, token);
    }

    /** Clears the token without a sign-out: its twin stays, as evidence, and its mark says that the login is out for now. */
    void suspend(HttpServletRequest request, HttpServletResponse response, @Nullable VerifiedToken token) {
        clearIfSent(request, response, config.name(), true);
        if (token != null) {
            mark(response, token, "out");
        } else {
            clearIfSent(request, response, config.markName(), false);
        }
    }

    /** Clears a token that expired. Its twin stays: nobody signed out. */
    void clearExpired(HttpServletRequest request, HttpServletResponse response) {
        clearIfSent(request, response, config.name(), true);
        clearIfSent(request, response, config.markName(), false);
    }

    /** Clears a token whose login was ended, and all that was written with it. */
    void clearEnded(HttpServletRequest request, HttpServletResponse response) {
        clearExpired(request, response);
        clearIfSent(request, response, config.twinName(), true);
    }

    private void hold(HttpServletResponse response, String text, VerifiedToken token, String twin) {
        long secondsLeft = secondsLeft(token);
        write(response, config.name(), text, secondsLeft, true);
        // Never shorter than the token: without its twin it would be dead.
        write(response, config.twinName(), twin, Math.max(EVIDENCE_LIFE.toSeconds(), secondsLeft), true);
        mark(response, token, "in");
    }

    private void mark(HttpServletResponse response, VerifiedToken token, String state) {
        String value = LoginKey.mark(token.identity()) + "." + token.expiresAt().getEpochSecond() + "." + state;
        write(response, config.markName(), value, secondsLeft(token), false);
    }

    private static Set<String> values(HttpServletRequest request, String... names) {
        Set<String> values = new LinkedHashSet<>();
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return values;
        }
        for (Cookie cookie : cookies) {
            // Null, where a container lets a cookie without a value through.
            String value = List.of(names).contains(cookie.getName()) ? cookie.getValue() : null;
            if (value != null && !value.isEmpty()) {
                values.add(value);
            }
        }
        return values;
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
