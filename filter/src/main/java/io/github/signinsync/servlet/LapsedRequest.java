// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.session.RequestAuthenticator;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;

/**
 * A request without a user whose session was somebody's: that session is hidden. It ends when the application asks for one
 * all the same, and a fresh one takes its place; a fresh one is shown.
 */
final class LapsedRequest extends HttpServletRequestWrapper {

    private final HttpServletResponse response;
    private final RequestAuthenticator authenticator;

    private LapsedRequest(
            HttpServletRequest request, HttpServletResponse response, RequestAuthenticator authenticator) {
        super(request);
        this.response = response;
        this.authenticator = authenticator;
    }

    static HttpServletRequest wrap(
            HttpServletRequest request, HttpServletResponse response, RequestAuthenticator authenticator) {
        boolean wrapped = request instanceof LapsedRequest
                || (request instanceof ServletRequestWrapper wrapper && wrapper.isWrapperFor(LapsedRequest.class));
        return wrapped ? request : new LapsedRequest(request, response, authenticator);
    }

    @Override
    public HttpSession getSession() {
        return getSession(true);
    }

    // The servlet API promises a session for true and null or a session for false; an override cannot say so in its
    // type.
    @Override
    @SuppressWarnings("NullAway")
    public HttpSession getSession(boolean create) {
        return authenticator.sessionWithoutUser((HttpServletRequest) getRequest(), create);
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return getSession(false) != null && super.isRequestedSessionIdValid();
    }

    @Override
    public String changeSessionId() {
        if (getSession(false) == null) {
            throw new IllegalStateException("There is no session.");
        }
        return super.changeSessionId();
    }

    /** Hands the wrapper on: containers would hand on the bare request, and the hidden session would be seen. */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }
}
