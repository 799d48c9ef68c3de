// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;

/**
 * Says whether a request that changes who is signed in comes from a page of ours. What the browser says about the site must
 * be {@code same-origin}, the origin must be this application's or a configured one, and one of the two must be there.
 */
final class OriginRule {

    private final Set<String> configured;

    OriginRule(Set<String> configured) {
        this.configured = configured;
    }

    boolean allows(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        if (site == null && origin == null) {
            return false;
        }
        return (site == null || site.equals("same-origin"))
                && (origin == null || configured.contains(origin.toLowerCase(Locale.ROOT)) || isOwn(request, origin));
    }

    /**
     * Tells whether the origin is this application's as the container sees it, or its https twin: behind a proxy that ends
     * TLS, the container sees http.
     */
    private static boolean isOwn(HttpServletRequest request, String origin) {
        String claimed = origin.toLowerCase(Locale.ROOT);
        String seen = request.getScheme() + "://" + authority(request);
        if (claimed.equals(seen.toLowerCase(Locale.ROOT))) {
            return true;
        }
        String host = request.getHeader("Host");
        return host != null
                && claimed.equals("https://" + withoutDefaultPort(host).toLowerCase(Locale.ROOT));
    }

    private static String authority(HttpServletRequest request) {
        int port = request.getServerPort();
        int defaultPort = request.getScheme().equals("https") ? 443 : 80;
        return port == defaultPort ? request.getServerName() : request.getServerName() + ":" + port;
    }

    private static String withoutDefaultPort(String host) {
        return host.endsWith(":443") ? host.substring(0, host.length() - 4) : host;
    }
}
