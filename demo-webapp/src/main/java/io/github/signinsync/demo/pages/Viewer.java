// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import io.github.signinsync.SessionPrincipal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page, as our pages show it. Never creates an HTTP session: a page view is no reason for one.
 *
 * @param subject the principal's name, or null for nobody
 * @param name what to call them
 * @param roles their roles in alphabetical order
 * @param loginId the provider's id of this login, where it says
 * @param expires when the token of this request expires, in seconds since 1970; 0 if unknown
 * @param session the first characters of the HTTP session's id, or null without one
 */
public record Viewer(
        @Nullable String subject,
        String name,
        Collection<String> roles,
        @Nullable String loginId,
        long expires,
        @Nullable String session) {

    static Viewer of(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        String prefix = session == null ? null : session.getId().substring(0, 8);
        Principal user = request.getUserPrincipal();
        if (user instanceof SessionPrincipal principal) {
            String name = String.valueOf(principal.getClaims().getOrDefault("name", principal.getName()));
            Set<String> roles = new TreeSet<>(principal.getRoles());
            long expires = principal.getClaims().get("exp") instanceof Number seconds ? seconds.longValue() : 0;
            return new Viewer(
                    principal.getName(), name, roles, principal.getIdentity().sessionId(), expires, prefix);
        }
        if (user != null) {
            return new Viewer(user.getName(), user.getName(), List.of(), null, 0, prefix);
        }
        return new Viewer(null, "Nobody", List.of(), null, 0, prefix);
    }

    /** Returns whether somebody is signed in. */
    public boolean isSignedIn() {
        return subject != null;
    }

    /** Returns up to two letters for the round badge. */
    public String initials() {
        StringBuilder initials = new StringBuilder();
        for (String word : name.strip().split("[\\s_]+", 3)) {
            if (!word.isEmpty() && initials.length() < 2) {
                initials.appendCodePoint(Character.toUpperCase(word.codePointAt(0)));
            }
        }
        return initials.toString();
    }
}
