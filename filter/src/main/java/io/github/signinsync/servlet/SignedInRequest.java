// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.session.RequestAuthenticator;
import io.github.signinsync.token.VerifiedToken;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * A request with its user: every question about who it is from has one answer. A principal that the container set itself is
 * never masked. A session made here belongs to the user from its birth.
 */
final class SignedInRequest extends HttpServletRequestWrapper {

    private static final String AUTH_TYPE = "SIGNIN_SYNC";

    private final HttpServletResponse response;
    private final SessionPrincipal principal;
    private final VerifiedToken token;
    private final RequestAuthenticator authenticator;
    private volatile boolean signedOut;
    private volatile @Nullable Thread asking;

    private SignedInRequest(
            HttpServletRequest request,
            HttpServletResponse response,
            SessionPrincipal principal,
            VerifiedToken token,
            RequestAuthenticator authenticator) {
        super(request);
        this.response = response;
        this.principal = principal;
        this.token = token;
        this.authenticator = authenticator;
    }

    static HttpServletRequest wrap(
            HttpServletRequest request,
            HttpServletResponse response,
            SessionPrincipal principal,
            VerifiedToken token,
            RequestAuthenticator authenticator) {
        boolean wrapped = request instanceof SignedInRequest
                || (request instanceof ServletRequestWrapper wrapper && wrapper.isWrapperFor(SignedInRequest.class));
        return wrapped ? request : new SignedInRequest(request, response, principal, token, authenticator);
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return isOurs() ? principal : containersUser();
    }

    @Override
    public @Nullable String getRemoteUser() {
        return isOurs() ? principal.getName() : super.getRemoteUser();
    }

    @Override
    public boolean isUserInRole(String role) {
        return isOurs() ? principal.getRoles().contains(role) : super.isUserInRole(role);
    }

    @Override
    public @Nullable String getAuthType() {
        return isOurs() ? AUTH_TYPE : super.getAuthType();
    }

    @Override
    public boolean authenticate(HttpServletResponse response) throws IOException, ServletException {
        return isOurs() || super.authenticate(response);
    }

    /** Signs the user out here, and of the container: the session and our cookie end. The provider's own session goes on. */
    @Override
    public void logout() throws ServletException {
        signedOut = true;
        authenticator.signOut((HttpServletRequest) getRequest(), response, token);
        super.logout();
    }

    @Override
    public HttpSession getSession() {
        return getSession(true);
    }

    // The servlet API promises a session for true and perhaps null for false, which a type cannot say.
    @Override
    @SuppressWarnings("NullAway")
    public HttpSession getSession(boolean create) {
        HttpServletRequest request = (HttpServletRequest) getRequest();
        HttpSession session = signedOut || isSomebodyElse()
                ? authenticator.sessionWithoutUser(request, null, create)
                : authenticator.session(request, principal, token, create);
        if (session != null) {
            return session;
        }
        return create ? PassingSession.of(this) : PassingSession.present(this);
    }

    /** Hands the wrapper on: containers would hand on the bare request, and the user would be gone after a dispatch. */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }

    /** Tells whether the container says that this request is another user's: then it must not see our user's session. */
    private boolean isSomebodyElse() {
        Principal theirs = containersUser();
        return theirs != null && !theirs.getName().equals(principal.getName());
    }

    private boolean isOurs() {
        return !signedOut && containersUser() == null;
    }

    /**
     * Returns the user that the container knows by a login of its own. While it looks for one it may ask us for the session
     * and the user, and is then told what there would be without.
     */
    private @Nullable Principal containersUser() {
        if (asking == Thread.currentThread()) {
            return null;
        }
        asking = Thread.currentThread();
        try {
            return super.getUserPrincipal();
        } finally {
            asking = null;
        }
    }
}
