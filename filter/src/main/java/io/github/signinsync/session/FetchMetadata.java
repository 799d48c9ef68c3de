// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a browser says a request is for.
 *
 * @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata Request Headers</a>
 */
public final class FetchMetadata {

    private static final Set<String> DOCUMENTS = Set.of("document", "iframe", "frame");

    private FetchMetadata() {}

    /**
     * Tells whether the answer is going to be shown as a page. Where the browser does not say (plain http, old Safari), a
     * request that accepts HTML counts as one.
     */
    public static boolean isDocument(HttpServletRequest request) {
        String destination = header(request, "Sec-Fetch-Dest");
        if (destination != null) {
            return DOCUMENTS.contains(destination);
        }
        String accept = header(request, "Accept");
        return accept != null && accept.contains("text/html");
    }

    /** Tells whether a person is navigating: a page, asked for by GET, and not fetched ahead of a click. */
    public static boolean isNavigation(HttpServletRequest request) {
        return request.getMethod().equals("GET") && isDocument(request) && !isAheadOfTime(request);
    }

    /** Tells whether the browser asks for something that nobody may ever look at. */
    public static boolean isAheadOfTime(HttpServletRequest request) {
        return header(request, "Sec-Purpose") != null || header(request, "Purpose") != null;
    }

    /** Tells whether another site, or a sibling host, made the browser send this; false where the browser does not say. */
    public static boolean isFromElsewhere(HttpServletRequest request) {
        String site = header(request, "Sec-Fetch-Site");
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }

    private static @Nullable String header(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? null : value.toLowerCase(Locale.ROOT);
    }
}
