// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.session.SessionDecision;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * Says which paths need a user. Where any does, a path with two readings does too; and such a path is never ignored.
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
        // Many servers serve /account/ as /account: needing a user covers both, being ignored does not.
        required = config.requiredPaths().stream()
                .map(pattern -> PathPattern.of(pattern, true))
                .toList();
        ignored = config.ignoredPaths().stream()
                .map(pattern -> PathPattern.of(pattern, false))
                .toList();
        String loginPage = config.loginPage();
        loginPath = loginPage != null && loginPage.startsWith("/") ? loginPage : "";
    }

    /** Tells whether the path is one that the filter leaves alone. */
    boolean ignores(RequestPath path) {
        return !path.ambiguous() && matchesAny(ignored, path.text());
    }

    /** Says what becomes of a request from outside. */
    Access check(RequestPath path, HttpServletRequest request, SessionDecision decision) {
        Access access = inner(decision);
        if (access == Access.PASS && !hasUser(decision) && !isPreflight(request) && needsUser(path)) {
            return decision instanceof SessionDecision.Undetermined ? Access.TRY_LATER : Access.SIGN_IN;
        }
        return access;
    }

    /** Says what becomes of an inner dispatch: the paths an application forwards to are its own affair. */
    static Access inner(SessionDecision decision) {
        return decision instanceof SessionDecision.Undetermined undetermined && undetermined.bound()
                ? Access.TRY_LATER
                : Access.PASS;
    }

    /** Tells whether the answer may be for one user's eyes only; the application may still say otherwise. */
    boolean isPrivate(RequestPath path, SessionDecision decision) {
        return !(decision instanceof SessionDecision.Anonymous) && !ignores(path);
    }

    private static boolean hasUser(SessionDecision decision) {
        return decision instanceof SessionDecision.SignedIn || decision instanceof SessionDecision.Replaced;
    }

    private boolean needsUser(RequestPath path) {
        if (required.isEmpty() || isLoginPage(path)) {
            return false;
        }
        return path.ambiguous() || (matchesAny(required, path.text()) && !matchesAny(ignored, path.text()));
    }

    /** Tells whether the path is the sign-in page, which nobody is kept from. */
    boolean isLoginPage(RequestPath path) {
        // Containers send a folder's name on to the name with a slash.
        return !loginPath.isEmpty()
                && !path.ambiguous()
                && (path.text().equals(loginPath) || path.text().equals(loginPath + "/"));
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

    /** Exact, with one slash more where that protects, or a folder with all that is below it. */
    private record PathPattern(String path, boolean folder, boolean lenient) {

        static PathPattern of(String pattern, boolean lenient) {
            return pattern.endsWith("/*")
                    ? new PathPattern(pattern.substring(0, pattern.length() - 2), true, lenient)
                    : new PathPattern(pattern, false, lenient);
        }

        boolean matches(String text) {
            return text.equals(path) || (folder && text.startsWith(path + "/")) || (lenient && text.equals(path + "/"));
        }
    }
}
