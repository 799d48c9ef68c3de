// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.AuthChange;
import io.github.signinsync.session.FetchMetadata;
import io.github.signinsync.session.RequestAuthenticator;
import io.github.signinsync.session.SessionDecision;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a request gets instead of the application. Only a person's own navigation is ever redirected; anything else gets a
 * status that a program can read, so that it may refresh and try once more.
 */
final class Challenge {

    private static final String RETRY_AFTER_SECONDS = "5";

    /** Longer ones are left out: containers answer 500 when the head of an answer grows past 8 KiB. */
    private static final int MAX_RETURN_CHARACTERS = 2_000;

    private final @Nullable String loginPage;
    private final boolean bearer;
    private final RequestAuthenticator authenticator;

    Challenge(@Nullable String loginPage, boolean bearer, RequestAuthenticator authenticator) {
        this.loginPage = loginPage;
        this.bearer = bearer;
        this.authenticator = authenticator;
    }

    /** Redirects a navigation to the sign-in page, if there is one; answers 401 otherwise. */
    void askToSignIn(HttpServletRequest request, HttpServletResponse response, SessionDecision decision)
            throws IOException {
        NoStore.on(response);
        response.addHeader("Vary", "Sec-Fetch-Dest, Accept");
        boolean navigation = FetchMetadata.isNavigation(request);
        if (navigation && loginPage != null) {
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", location(request, loginPage));
            return;
        }
        response.setHeader(
                "WWW-Authenticate", endedByTime(request, decision) ? "SigninSync error=\"expired\"" : "SigninSync");
        if (bearer) {
            response.addHeader("WWW-Authenticate", "Bearer");
        }
        answer(request, response, Problem.SIGN_IN_NEEDED);
    }

    /** Answers 503: who this is cannot be told now, and that is no reason to sign anybody out. */
    void askToRetry(HttpServletRequest request, HttpServletResponse response) throws IOException {
        NoStore.on(response);
        response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        answer(request, response, Problem.KEYS_UNAVAILABLE);
    }

    /** Returns where a person signs in who then wants to come back to this URL; null if there is no sign-in page. */
    @Nullable
    String signInUrl(HttpServletRequest request) {
        return loginPage == null ? null : location(request, loginPage);
    }

    /** Returns where a person signs in who cannot come back to this URL: it was not asked for by GET. */
    @Nullable
    String loginPageOf(HttpServletRequest request) {
        return loginPage != null && loginPage.startsWith("/") ? ContextPath.of(request) + loginPage : loginPage;
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws IOException {
        if (FetchMetadata.isNavigation(request)) {
            problem.writePage(response);
        } else {
            problem.write(response);
        }
    }

    /** Tells whether a fresh token may be all that is missing; after a sign-out it is not. */
    private boolean endedByTime(HttpServletRequest request, SessionDecision decision) {
        return decision instanceof SessionDecision.Lapsed
                || (decision instanceof SessionDecision.Ended ended && ended.cause() == AuthChange.Cause.EXPIRED)
                || authenticator.showsPastLogin(request);
    }

    private static String location(HttpServletRequest request, String loginPage) {
        if (!loginPage.startsWith("/")) {
            return loginPage;
        }
        String target = ContextPath.of(request) + loginPage;
        String query = request.getQueryString();
        String wanted = request.getRequestURI() + (query == null ? "" : "?" + query);
        String encoded = URLEncoder.encode(wanted, StandardCharsets.UTF_8);
        return ReturnPath.isSafe(wanted) && encoded.length() <= MAX_RETURN_CHARACTERS
                ? target + "?return=" + encoded
                : target;
    }
}
