// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.session.FetchMetadata;
import io.github.signinsync.session.RequestAuthenticator;
import io.github.signinsync.session.SessionBinding;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * A request without a user: it never sees a session that is somebody's, not even one that becomes somebody's while it runs.
 * A lapsed session ends when the application asks for one all the same. It does not when a person opens a page, whose script
 * is about to bring the user back, when another site made the browser ask, or when somebody signed in meanwhile: then the
 * application gets a session for this request only.
 */
final class AnonymousRequest extends HttpServletRequestWrapper {

    private final HttpServletResponse response;
    private final RequestAuthenticator authenticator;
    private final @Nullable SessionBinding lapsed;

    private AnonymousRequest(
            HttpServletRequest request,
            HttpServletResponse response,
            RequestAuthenticator authenticator,
            @Nullable SessionBinding lapsed) {
        super(request);
        this.response = response;
        this.authenticator = authenticator;
        this.lapsed = lapsed;
    }

    /**
     * Wraps the request, unless it is wrapped already.
     *
     * @param lapsed what its session is bound to, if that is the session of a login that lapsed
     */
    static HttpServletRequest wrap(
            HttpServletRequest request,
            HttpServletResponse response,
            RequestAuthenticator authenticator,
            @Nullable SessionBinding lapsed) {
        boolean wrapped = request instanceof AnonymousRequest
                || (request instanceof ServletRequestWrapper wrapper && wrapper.isWrapperFor(AnonymousRequest.class));
        boolean endsNothing = FetchMetadata.isNavigation(request) || FetchMetadata.isFromElsewhere(request);
        SessionBinding mayEnd = endsNothing ? null : lapsed;
        return wrapped ? request : new AnonymousRequest(request, response, authenticator, mayEnd);
    }

    @Override
    public HttpSession getSession() {
        return getSession(true);
    }

    // The servlet API promises a session for true and perhaps null for false, which a type cannot say.
    @Override
    @SuppressWarnings("NullAway")
    public HttpSession getSession(boolean create) {
        HttpSession session = authenticator.sessionWithoutUser(wrapped(), lapsed, create);
        if (session != null) {
            return session;
        }
        return create ? PassingSession.of(this) : PassingSession.present(this);
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return authenticator.sessionWithoutUser(wrapped(), lapsed, false) != null && super.isRequestedSessionIdValid();
    }

    @Override
    public String changeSessionId() {
        if (authenticator.sessionWithoutUser(wrapped(), lapsed, false) == null) {
            throw new IllegalStateException("There is no session.");
        }
        return super.changeSessionId();
    }

    /** Ends what is hidden: a user who asks to be signed out must not come back with the next token. */
    @Override
    public void logout() throws ServletException {
        authenticator.signOut(wrapped(), response, null);
        super.logout();
    }

    /** Hands the wrapper on: containers would hand on the bare request, and the hidden session would be seen. */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }

    private HttpServletRequest wrapped() {
        return (HttpServletRequest) getRequest();
    }
}
