// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.session.FetchMetadata;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which site a browser came from while it looks at the resync page. When that page loads itself again, browsers
 * call it {@code same-origin}: an application that refuses links from other sites would be led past its own guard. So the
 * first answer is noted for each URL, and given to the application instead.
 *
 * @see <a href="https://github.com/w3c/webappsec-fetch-metadata/issues/25">Fetch Metadata, issue 25</a>
 */
final class OriginalSite {

    static final String HEADER = "Sec-Fetch-Site";

    private static final String NAME = "from-";

    /** Longer than the page waits before it gives up loading itself again. */
    private static final int SECONDS = 120;

    /** Notes of one browser; then it gets no more resync pages from elsewhere until some are over. */
    private static final int MOST = 8;

    private static final List<String> FARTHEST_FIRST = List.of("cross-site", "same-site");
    private static final String ATTRIBUTE = "io.github.signinsync.originalSite";

    private final BrowserNotes notes;

    OriginalSite(BrowserNotes notes) {
        this.notes = notes;
    }

    /** Tells whether there is nothing to note about this request, or room for it. */
    boolean canNote(HttpServletRequest request) {
        return site(request) == null
                || !notes.read(request, name(request)).isEmpty()
                || notes.count(request, NAME) < MOST;
    }

    /** Notes where this navigation comes from, unless that is our own site. */
    void note(HttpServletRequest request, HttpServletResponse response) {
        String site = site(request);
        if (site != null) {
            notes.write(response, name(request), site, SECONDS);
        }
    }

    /**
     * Wraps a navigation that a note was made for, so that the application sees what the browser said first. The note stays
     * until its time is over: a second tab may be about to load the same URL again, and forgetting it for the first would
     * lead the second past the guard.
     */
    HttpServletRequest restore(HttpServletRequest request) {
        if (request.getDispatcherType() != DispatcherType.REQUEST) {
            // Containers come to error pages with the bare request.
            return request.getAttribute(ATTRIBUTE) instanceof Restored restored
                    ? Wrapper.around(request, restored.site())
                    : request;
        }
        String noted = FetchMetadata.isNavigation(request) ? noted(request) : null;
        if (noted == null || FetchMetadata.isFromElsewhere(request)) {
            return request;
        }
        request.setAttribute(ATTRIBUTE, new Restored(noted));
        return Wrapper.around(request, noted);
    }

    /** Returns where the navigation began if that is not our own site: by its header or the note, whichever is farther. */
    private @Nullable String site(HttpServletRequest request) {
        String noted = noted(request);
        if (!FetchMetadata.isFromElsewhere(request)) {
            return noted;
        }
        boolean near = "same-site".equalsIgnoreCase(request.getHeader(HEADER)) && !"cross-site".equals(noted);
        return near ? "same-site" : "cross-site";
    }

    private @Nullable String noted(HttpServletRequest request) {
        List<String> noted = notes.read(request, name(request));
        return FARTHEST_FIRST.stream().filter(noted::contains).findFirst().orElse(null);
    }

    /** One note for each URL: with one for all, a second tab could overwrite the first one's. */
    private static String name(HttpServletRequest request) {
        String url = request.getRequestURI() + "?" + request.getQueryString();
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
            return NAME + HexFormat.of().formatHex(sha256, 0, 8);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }

    private record Restored(String site) {}

    /** A request whose header says what the browser said first. */
    private static final class Wrapper extends HttpServletRequestWrapper {

        private final String site;

        private Wrapper(HttpServletRequest request, String site) {
            super(request);
            this.site = site;
        }

        static HttpServletRequest around(HttpServletRequest request, String site) {
            boolean wrapped = request instanceof ServletRequestWrapper wrapper && isAmong(wrapper);
            return wrapped ? request : new Wrapper(request, site);
        }

        private static boolean isAmong(ServletRequestWrapper wrapper) {
            return wrapper instanceof Wrapper || wrapper.isWrapperFor(Wrapper.class);
        }

        @Override
        public String getHeader(String name) {
            return HEADER.equalsIgnoreCase(name) ? site : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return HEADER.equalsIgnoreCase(name) ? Collections.enumeration(List.of(site)) : super.getHeaders(name);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            Enumeration<String> given = super.getHeaderNames();
            Set<String> names = new LinkedHashSet<>();
            if (given != null) {
                // The API lets containers keep them to themselves.
                names.addAll(Collections.list(given));
            }
            if (names.stream().noneMatch(HEADER::equalsIgnoreCase)) {
                names.add(HEADER);
            }
            return Collections.enumeration(names);
        }
    }
}
