// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.AuthChange;
import io.github.signinsync.AuthChangeListener;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.config.SigninSyncConfig.HttpSessionBinding;
import io.github.signinsync.token.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries decisions out on {@code HttpSession} and tells listeners. The only code that binds or ends a session. Safe for
 * all threads; listeners are called outside any lock.
 */
final class SessionEffects {

    private static final Logger LOG = System.getLogger(SessionEffects.class.getPackageName());
    private static final int STRIPES = 64;

    private final HttpSessionBinding mode;
    private final boolean tellsOnBind;
    private final List<AuthChangeListener> listeners;
    private final Object[] stripes = new Object[STRIPES];

    /**
     * Makes the effects.
     *
     * @param tellsOnBind whether binding a session is what makes a sign-in known, as it is without the sync endpoint
     */
    SessionEffects(HttpSessionBinding mode, boolean tellsOnBind, List<AuthChangeListener> listeners) {
        this.mode = mode;
        this.tellsOnBind = tellsOnBind;
        this.listeners = listeners;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /** Returns what the request's session is bound to; null if there is none or sessions are left alone. */
    @Nullable
    SessionBinding binding(HttpServletRequest request) {
        return mode == HttpSessionBinding.IGNORE ? null : SessionBinding.of(request.getSession(false));
    }

    /** Does what the decision says. */
    void apply(SessionDecision decision, HttpServletRequest request) {
        if (decision instanceof SessionDecision.SignedIn signedIn) {
            adopt(request, signedIn.principal(), signedIn.token());
        } else if (decision instanceof SessionDecision.Replaced replaced) {
            end(request, AuthChange.Cause.REPLACED);
            adopt(request, replaced.principal(), replaced.token());
        } else if (decision instanceof SessionDecision.Ended ended && ended.binding() != null) {
            end(request, ended.cause());
        }
    }

    /** Returns the request's session if it is this login's already, so that there is nothing to do before it is shown. */
    @Nullable
    HttpSession held(HttpServletRequest request, VerifiedToken token) {
        SessionBinding binding = binding(request);
        boolean theirs =
                binding != null && !binding.ended() && binding.identity().equals(token.identity());
        return theirs ? request.getSession(false) : null;
    }

    /**
     * Returns the request's session as its signed-in user may see it: bound to that user, from its birth if it is made here.
     * One that became another user's while the request ran is not there.
     */
    @Nullable
    HttpSession session(HttpServletRequest request, SessionPrincipal principal, VerifiedToken token, boolean create) {
        HttpSession session = request.getSession(create);
        if (session == null || mode == HttpSessionBinding.IGNORE) {
            return session;
        }
        Claim claim = claim(session, token);
        if (claim == Claim.REFUSED && endIfUnchanged(request, null)) {
            session = request.getSession(create);
            claim = session == null ? Claim.REFUSED : claim(session, token);
        }
        if (claim == Claim.NEW && tellsOnBind) {
            tell(new AuthChange.SignedIn(principal));
        }
        return claim == Claim.REFUSED ? null : session;
    }

    /**
     * Ends the request's session if it still is what was seen when the request was decided. One that changed since is
     * somebody's who signed in meanwhile.
     *
     * @return whether there is no bound session in the way any more
     */
    boolean endIfUnchanged(HttpServletRequest request, @Nullable SessionBinding seen) {
        SessionBinding now = binding(request);
        if (now != null && (now.ended() || now.equals(seen))) {
            end(request, AuthChange.Cause.EXPIRED);
            return binding(request) == null;
        }
        return now == null;
    }

    /** Ends the request's session, if it has one, and tells so if nobody else ended it first. */
    void end(HttpServletRequest request, AuthChange.Cause cause) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            return;
        }
        SessionBinding ended = entomb(session);
        try {
            session.invalidate();
        } catch (RuntimeException alreadyInvalidOrStoreFailed) {
            LOG.log(
                    Level.DEBUG,
                    "a session could not be invalidated: {0}",
                    alreadyInvalidOrStoreFailed.getClass().getName());
        }
        if (ended != null) {
            tell(new AuthChange.SignedOut(ended.identity(), cause));
        }
    }

    /** Tells all listeners, each whatever the others do. */
    void tell(AuthChange change) {
        for (AuthChangeListener listener : listeners) {
            try {
                listener.onAuthChange(change);
            } catch (RuntimeException | LinkageError e) {
                LOG.log(
                        Level.WARNING,
                        "AuthChangeListener {0} threw {1}; the request goes on.",
                        listener.getClass().getName(),
                        e.getClass().getName());
            }
        }
    }

    private void adopt(HttpServletRequest request, SessionPrincipal principal, VerifiedToken token) {
        HttpSession session = request.getSession(mode == HttpSessionBinding.CREATE);
        if (session == null || mode == HttpSessionBinding.IGNORE) {
            return;
        }
        Claim claim = claim(session, token);
        if (claim == Claim.REFUSED) {
            end(request, AuthChange.Cause.REPLACED);
            return;
        }
        if (claim != Claim.HELD) {
            changeId(request, session);
        }
        if (claim == Claim.NEW && tellsOnBind) {
            tell(new AuthChange.SignedIn(principal));
        }
    }

    /** A session id from before the sign-in may be known to somebody else (session fixation). */
    private static void changeId(HttpServletRequest request, HttpSession session) {
        try {
            if (!session.isNew()) {
                request.changeSessionId();
            }
        } catch (IllegalStateException invalidatedMeanwhile) {
            LOG.log(Level.DEBUG, "a session ended while its id was changed");
        }
    }

    private enum Claim {
        /** Was nobody's and is the user's now. */
        NEW,
        /** Was the user's under another login and is under this one now. */
        MOVED,
        /** Was this login's already. */
        HELD,
        /** Is another user's, or ending. */
        REFUSED
    }

    private Claim claim(HttpSession session, VerifiedToken token) {
        SessionBinding wanted =
                new SessionBinding(token.identity(), token.expiresAt().getEpochSecond(), false);
        try {
            synchronized (stripe(session)) {
                SessionBinding present = SessionBinding.of(session);
                if (present == null) {
                    session.setAttribute(SessionBinding.ATTRIBUTE, wanted);
                    return Claim.NEW;
                }
                if (present.ended() || !present.identity().isSameUser(wanted.identity())) {
                    return Claim.REFUSED;
                }
                boolean sameLogin = present.identity().equals(wanted.identity());
                if (!sameLogin || wanted.expiresAtSeconds() > present.expiresAtSeconds()) {
                    session.setAttribute(SessionBinding.ATTRIBUTE, wanted);
                }
                return sameLogin ? Claim.HELD : Claim.MOVED;
            }
        } catch (RuntimeException invalidatedOrStoreFailed) {
            return Claim.REFUSED;
        }
    }

    /** Returns the binding if this call is the one that made it a tombstone. */
    private @Nullable SessionBinding entomb(HttpSession session) {
        try {
            synchronized (stripe(session)) {
                SessionBinding present = SessionBinding.of(session);
                if (present == null || present.ended()) {
                    return null;
                }
                session.setAttribute(SessionBinding.ATTRIBUTE, present.tombstone());
                return present;
            }
        } catch (RuntimeException invalidatedOrStoreFailed) {
            return null;
        }
    }

    /** The same lock for one session, whatever its id: that changes at sign-in, its birthday does not. */
    private Object stripe(HttpSession session) {
        return stripes[Math.floorMod(Long.hashCode(session.getCreationTime()), STRIPES)];
    }
}
