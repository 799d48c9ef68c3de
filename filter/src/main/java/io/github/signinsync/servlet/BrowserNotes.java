// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.config.SigninSyncConfig;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * What the resync page has a browser remember from one request to the next, in cookies that live for seconds and that no
 * script reads. A browser can forge them: they may only make us more careful.
 */
final class BrowserNotes {

    private final SigninSyncConfig.Cookie config;

    BrowserNotes(SigninSyncConfig.Cookie config) {
        this.config = config;
    }

    /**
     * Returns all that was noted under this name. A sibling subdomain or a longer path may have put a cookie of the same name
     * before ours, where the name has no prefix: the first one need not be the one we wrote.
     */
    List<String> read(HttpServletRequest request, String name) {
        List<String> values = new ArrayList<>();
        for (Cookie cookie : cookies(request)) {
            // Null, where a container lets a cookie without a value through.
            String value = cookie.getName().equals(cookieName(name)) ? cookie.getValue() : null;
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** Returns how many notes have a name that starts so. */
    int count(HttpServletRequest request, String start) {
        int found = 0;
        for (Cookie cookie : cookies(request)) {
            found += cookie.getName().startsWith(cookieName(start)) ? 1 : 0;
        }
        return found;
    }

    void write(HttpServletResponse response, String name, String value, int seconds) {
        // Never with a Domain: only this host needs to know.
        response.addHeader(
                "Set-Cookie",
                cookieName(name) + "=" + value + "; Path=" + config.path() + "; Max-Age=" + seconds
                        + (config.secure() ? "; Secure" : "") + "; HttpOnly; SameSite="
                        + (config.sameSite().equals("None") ? "None" : "Lax"));
    }

    private String cookieName(String name) {
        return config.name() + "-" + name;
    }

    private static Cookie[] cookies(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null ? new Cookie[0] : cookies;
    }
}
