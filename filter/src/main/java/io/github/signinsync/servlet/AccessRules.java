// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.session.SessionDecision;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/**
 * Says which paths need a user. A path with two readings counts as needing one as soon as any does, and is never ignored.
 */
final class AccessRules {

    /** What may become of a request. */
    enum Access {
        PASS,
        SIGN_IN,
        TRY_LATER
    }

    private final List<PathPattern> required;
    private final List<PathPattern> ignored;
    private final String loginPath;

    AccessRules(SigninSyncConfig.Access config) {
        required = config.requiredPaths().stream().map(PathPattern::of).toList();
        ignored = config.ignoredPaths().stream().map(PathPattern::of).toList();
        String loginPage = config.loginPage();
        loginPath = loginPage != null && loginPage.startsWith("/") ? loginPage : "";
    }

    /** Tells whether the path is one that the filter leaves alone. */
    boolean ignores(HttpServletRequest request) {
        RequestPath path = RequestPath.of(request);
        return !path.ambiguous() && matchesAny(ignored, path.text());
    }

    Access check(HttpServletRequest request, SessionDecision decision) {
        if (decision instanceof SessionDecision.SignedIn || decision instanceof SessionDecision.Replaced) {
            return Access.PASS;
        }
        if (decision instanceof SessionDecision.Undetermined undetermined) {
            return undetermined.bound() || needsUser(request) ? Access.TRY_LATER : Access.PASS;
        }
        return needsUser(request) ? Access.SIGN_IN : Access.PASS;
    }

    /** An answer to a user is that user's alone; the application may still say otherwise for a given answer. */
    void forbidCaching(HttpServletRequest request, HttpServletResponse response, SessionDecision decision) {
        if (decision instanceof SessionDecision.Anonymous
                || request.getDispatcherType() != DispatcherType.REQUEST
                || ignores(request)) {
            return;
        }
        NoStore.on(response);
    }

    private boolean needsUser(HttpServletRequest request) {
        if (request.getDispatcherType() != DispatcherType.REQUEST || required.isEmpty() || isPreflight(request)) {
            return false;
        }
        RequestPath path = RequestPath.of(request);
        if (path.ambiguous()) {
            return true;
        }
        return matchesAny(required, path.text()) && !path.text().equals(loginPath) && !matchesAny(ignored, path.text());
    }

    /** A preflight has no credentials by design, and the request it asks for is checked itself. */
    private static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS")
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    private static boolean matchesAny(List<PathPattern> patterns, String path) {
        for (PathPattern pattern : patterns) {
            if (pattern.matches(path)) {
                return true;
            }
        }
        return false;
    }

    /** Exact, or a folder with all that is below it. */
    private record PathPattern(String path, boolean folder) {

        static PathPattern of(String pattern) {
            return pattern.endsWith("/*")
                    ? new PathPattern(pattern.substring(0, pattern.length() - 2), true)
                    : new PathPattern(pattern, false);
        }

        boolean matches(String text) {
            return text.equals(path) || (folder && text.startsWith(path + "/"));
        }
    }
}
