// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.AuthChange;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.session.FetchMetadata;
import io.github.signinsync.session.RequestAuthenticator;
import io.github.signinsync.session.SessionDecision;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;

/**
 * Answers a person whose login expired while they were away with a small page at the URL they asked for. It asks the provider
 * for a token, hands it to us and loads again, so that the URL and its fragment never leave the browser and nothing is added
 * to its history. What was sent by POST is never sent again by us: there the page offers a button.
 */
final class ResyncPage {

    private final boolean served;
    private final RequestAuthenticator authenticator;
    private final AccessRules access;
    private final Challenge challenge;
    private final OriginRule origins;
    private final ResyncLimit limit;
    private final OriginalSite originalSite;
    private final ResyncHtml html;

    ResyncPage(
            SigninSyncConfig config,
            RequestAuthenticator authenticator,
            AccessRules access,
            Challenge challenge,
            OriginalSite originalSite,
            Clock clock) {
        this.served = config.resync().served() && config.sync().served();
        this.authenticator = authenticator;
        this.access = access;
        this.challenge = challenge;
        this.origins = new OriginRule(config.sync().origins());
        this.limit = new ResyncLimit(new BrowserNotes(config.cookie()), clock);
        this.originalSite = originalSite;
        this.html = new ResyncHtml(config);
    }

    /**
     * Answers the request if it is for a page and its login expired.
     *
     * @param needsUser whether the application may not be reached without a user
     */
    boolean answers(
            RequestPath path,
            HttpServletRequest request,
            HttpServletResponse response,
            SessionDecision decision,
            boolean needsUser)
            throws IOException {
        if (!served || !isForPage(request) || access.isLoginPage(path) || access.ignores(path)) {
            return false;
        }
        if (!isExpired(request, decision, needsUser)) {
            return false;
        }
        NoStore.on(response);
        if (FetchMetadata.isAheadOfTime(request)) {
            // The browser throws this away, and asks again when somebody wants to see the page.
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return true;
        }
        return switch (request.getMethod()) {
            case "GET" -> answersGet(request, response, decision, needsUser);
            case "HEAD" -> {
                html.writeHead(response);
                yield true;
            }
            default -> {
                String kind = isOurOwn(request) ? "post" : "post-foreign";
                html.write(request, response, kind, challenge.loginPageOf(request));
                yield true;
            }
        };
    }

    private boolean answersGet(
            HttpServletRequest request, HttpServletResponse response, SessionDecision decision, boolean needsUser)
            throws IOException {
        if (limit.isReached(request) || !originalSite.canNote(request)) {
            if (needsUser) {
                challenge.askToSignIn(request, response, decision);
            }
            // A path that needs nobody is shown to a visitor, and the session stays hidden.
            return needsUser;
        }
        limit.count(request, response);
        originalSite.note(request, response);
        html.write(request, response, needsUser ? "" : "open", challenge.signInUrl(request));
        return true;
    }

    private static boolean isForPage(HttpServletRequest request) {
        boolean canBeAPage = FetchMetadata.isDocument(request)
                || (request.getMethod().equals("GET") && FetchMetadata.isAheadOfTime(request));
        return canBeAPage && !request.getMethod().equals("OPTIONS");
    }

    /** Tells whether somebody was signed in and did not sign out; a path that needs nobody shows others than them itself. */
    private boolean isExpired(HttpServletRequest request, SessionDecision decision, boolean needsUser) {
        if (decision instanceof SessionDecision.Lapsed) {
            return true;
        }
        if (!needsUser) {
            return false;
        }
        if (decision instanceof SessionDecision.Ended ended) {
            return ended.cause() == AuthChange.Cause.EXPIRED;
        }
        return decision instanceof SessionDecision.Anonymous && authenticator.showsPastLogin(request);
    }

    /** Tells whether a page of ours sent this form, so that its user may be offered to send it again. */
    private boolean isOurOwn(HttpServletRequest request) {
        String site = request.getHeader(OriginalSite.HEADER);
        return site == null ? origins.allows(request) : site.equals("same-origin");
    }
}
