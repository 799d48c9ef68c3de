// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request inside its application, as the container mapped it, and whether that is its only reading.
 *
 * @param text the decoded path without parameters, starting with a slash
 * @param ambiguous whether another reader of the same URI could see another path
 */
record RequestPath(String text, boolean ambiguous) {

    /** Encoded dots, slashes and backslashes, and parameters on dot segments: each container reads them its own way. */
    private static final Pattern ODD_URI = Pattern.compile("%2e|%2f|%5c|%00|\\\\|//|/\\.{1,2}(/|;|$)");

    /** What decoding must not leave behind. */
    private static final Pattern ODD_TEXT = Pattern.compile("//|/\\.{1,2}(/|$)|[\\\\;%\\p{Cntrl}]");

    static RequestPath of(HttpServletRequest request) {
        return of(request.getServletPath(), request.getPathInfo(), request.getRequestURI());
    }

    static RequestPath of(String servletPath, @Nullable String pathInfo, String uri) {
        String mapped = servletPath + (pathInfo == null ? "" : pathInfo);
        String text = mapped.startsWith("/") ? mapped : "/" + mapped;
        boolean odd = ODD_URI.matcher(uri.toLowerCase(Locale.ROOT)).find()
                || ODD_TEXT.matcher(text).find();
        return new RequestPath(text, odd);
    }
}
