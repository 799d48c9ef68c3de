// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.AuthChange;
import io.github.signinsync.Revocations;
import io.github.signinsync.SessionIdentity;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.token.Rejection;
import io.github.signinsync.token.TokenVerifier;
import io.github.signinsync.token.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says who a request is from, and signs browsers in and out. Read, verify, decide, apply: once a request, whatever
 * dispatches follow. Safe for all threads.
 */
public final class RequestAuthenticator {

    /** Longest token that still fits a cookie: browsers drop cookies of more than 4,096 bytes, name included. */
    public static final int MAX_TOKEN_BYTES = 3_800;

    private static final Logger LOG = System.getLogger(RequestAuthenticator.class.getPackageName());

    /** Request attribute that holds what was decided. Its type, which no header or parameter can have, is what counts. */
    private static final String DECISION = "io.github.signinsync.decision";

    private final SessionCookies cookies;
    private final CredentialReader credentials;
    private final SessionRules rules;
    private final SessionEffects effects;
    private final SyncLimits limits;
    private final Revocations revocations;
    private final SigninSyncConfig config;
    private final Duration leeway;
    private final Duration maxTokenLife;
    private final Clock clock;
    private final Object revocationLock = new Object();

    /** Makes an authenticator. */
    public RequestAuthenticator(SigninSyncConfig config, TokenVerifier verifier, Extensions extensions, Clock clock) {
        boolean issuesCookies = config.sync().served();
        this.config = config;
        this.leeway = config.token().leeway();
        this.maxTokenLife = config.token().maxLife();
        this.clock = clock;
        this.revocations = extensions.revocations() != null ? extensions.revocations() : new LocalRevocations(clock);
        this.cookies = new SessionCookies(config.cookie(), issuesCookies, config.token(), clock);
        this.credentials = new CredentialReader(
                cookies,
                config.session().bearer(),
                verifier,
                revocations,
                new PrincipalMapper(
                        config.session().nameClaim(), config.session().rolesClaim(), extensions.rolesMapper()));
        this.rules = new SessionRules(leeway, config.session().lapsedLimit());
        this.effects = new SessionEffects(config.session().binding(), !issuesCookies, extensions.listeners());
        this.limits = new SyncLimits(clock);
    }

    /** Decides the request and carries the decision out; a request that was decided before keeps its decision. */
    public SessionDecision authenticate(HttpServletRequest request, HttpServletResponse response) {
        SessionDecision before = decided(request);
        if (before != null) {
            return before;
        }
        Credential credential = credentials.presented(request);
        SessionDecision decision = rules.decide(credential, effects.binding(request), clock.instant());
        if (!credentials.showsBearer(request)
                && FetchMetadata.isDocument(request)
                && !FetchMetadata.isAheadOfTime(request)) {
            // Not for a fetch: its late answer could wipe a cookie that was refreshed meanwhile.
            clearWhatIsOver(credential, request, response);
        }
        effects.apply(decision, request);
        remember(request, decision, isPastLogin(credential, request));
        return decision;
    }

    /** Returns the decision that this request already has from a filter with the same settings, or null. */
    public @Nullable SessionDecision decided(HttpServletRequest request) {
        Decided decided = remembered(request);
        return decided == null ? null : decided.decision();
    }

    /**
     * Tells of a request that was decided whether its browser shows that somebody was signed in who did not sign out: a
     * genuine token that expired, one that a sign-out or another user overtook, or the twin of one that is gone. Evidence
     * enough to ask the script for a fresh token, and never to let anybody in.
     */
    public boolean showsPastLogin(HttpServletRequest request) {
        Decided decided = remembered(request);
        return decided != null && decided.pastLogin();
    }

    /** Tells whether the request brings a session that is somebody's. */
    public boolean bringsBoundSession(HttpServletRequest request) {
        return effects.binding(request) != null;
    }

    /**
     * Makes the browser hold this token, if it is good and later than what it holds. A refused token leaves everything as it
     * was, and so does one too many.
     */
    public SyncOutcome signIn(HttpServletRequest request, HttpServletResponse response, String text) {
        Credential credential = credentials.judge(text);
        if (!(credential instanceof Credential.Good posted)) {
            return refused(request, reason(credential));
        }
        long wait = limits.secondsUntilAccepted(LoginKey.of(posted.token()));
        if (wait > 0) {
            return new SyncOutcome.Busy(wait);
        }
        Credential presented = credentials.presented(request);
        SessionBinding binding = effects.binding(request);
        boolean replaces = showsAnother(request, binding, posted.token().identity());
        VerifiedToken kept = replaces ? null : keptInsteadOf(posted.token(), presented);
        SessionIdentity before = whoWas(binding, presented);
        SessionDecision decision = rules.decide(posted, binding, clock.instant());

        if (kept != null) {
            cookies.confirm(response, kept);
        } else if (replaces) {
            cookies.replace(request, response, text, posted.token());
        } else {
            cookies.hold(request, response, text, posted.token());
        }
        effects.apply(decision, request);
        tellSignIn(before, binding, posted);
        VerifiedToken held = kept != null ? kept : posted.token();
        return new SyncOutcome.Held(kept == null, held.expiresAt());
    }

    /**
     * Ends the browser's login: every token it holds, the login those belong to, and the session bound to it.
     *
     * @param known the token this request was signed in by, or null: known even if keys cannot be had now
     */
    public void signOut(HttpServletRequest request, HttpServletResponse response, @Nullable VerifiedToken known) {
        SessionBinding binding = effects.binding(request);
        Set<VerifiedToken> tokens = new LinkedHashSet<>(credentials.genuine(request));
        if (known != null) {
            tokens.add(known);
        }
        SessionIdentity first = null;
        for (VerifiedToken token : tokens) {
            boolean inTime = clock.instant().isBefore(token.expiresAt().plus(leeway));
            if (revoke(LoginKey.of(token), token.issuedAt()) && inTime) {
                first = token.identity();
            }
        }
        String boundLogin = binding == null ? null : LoginKey.of(binding.identity());
        if (boundLogin != null) {
            revoke(boundLogin, clock.instant());
        }
        cookies.release(
                request, response, tokens.isEmpty() ? null : tokens.iterator().next());
        // Where there is a session, whoever ends it tells; where there is none, whoever revokes the token first.
        if (binding != null) {
            effects.end(request, AuthChange.Cause.SIGNED_OUT);
        }
        if (first != null && (binding == null || !binding.identity().isSameUser(first))) {
            effects.tell(new AuthChange.SignedOut(first, AuthChange.Cause.SIGNED_OUT));
        }
        remember(request, new SessionDecision.Anonymous(), false);
    }

    /**
     * Takes the token from a browser for which nobody can vouch just now. Nobody signed out, so nothing is revoked, and the
     * session waits, hidden, for its user.
     */
    public void suspend(HttpServletRequest request, HttpServletResponse response) {
        List<VerifiedToken> tokens = credentials.genuine(request);
        cookies.suspend(request, response, tokens.isEmpty() ? null : tokens.get(0));
    }

    /**
     * Returns the session as this user may see it: bound to the user, from its birth if it is made now. A login that ended
     * while the request ran gets no new one.
     *
     * @return null if there is none, which for {@code create} means that none may be made: it became another user's
     */
    public @Nullable HttpSession session(
            HttpServletRequest request, SessionPrincipal principal, VerifiedToken token, boolean create) {
        HttpSession held = effects.held(request, token);
        if (held != null) {
            return held;
        }
        return hasEnded(token)
                ? sessionWithoutUser(request, null, create)
                : effects.session(request, principal, token, create);
    }

    /**
     * Returns the session as somebody without a user may see it. One that is bound is not there. Asking for one all the same
     * ends a session whose login lapsed, and a fresh one takes its place; but not if that was another site's doing, nor if
     * somebody has signed in meanwhile: then there is none.
     *
     * @param lapsed what the session was bound to when the request was decided
     * @return null if there is none, which for {@code create} means that none may be made
     */
    public @Nullable HttpSession sessionWithoutUser(
            HttpServletRequest request, @Nullable SessionBinding lapsed, boolean create) {
        if (effects.binding(request) == null) {
            return request.getSession(create);
        }
        boolean makesRoom = create && effects.endIfUnchanged(request, lapsed);
        return makesRoom ? request.getSession(true) : null;
    }

    private void clearWhatIsOver(Credential credential, HttpServletRequest request, HttpServletResponse response) {
        if (credential instanceof Credential.Revoked) {
            cookies.clearEnded(request, response);
        } else if (config.resync().served()) {
            // What is over is the evidence that the resync page goes by, and a fresh token is about to replace it.
            return;
        } else if (credential instanceof Credential.Expired) {
            cookies.clearExpired(request, response);
        } else if (credential instanceof Credential.Dead) {
            cookies.clearEnded(request, response);
        }
    }

    /** A refusal for want of keys is our fault and is not counted. */
    private SyncOutcome refused(HttpServletRequest request, SyncOutcome.Reason reason) {
        long wait =
                reason == SyncOutcome.Reason.UNAVAILABLE ? 0 : limits.secondsUntilExplained(request.getRemoteAddr());
        return wait > 0 ? new SyncOutcome.Busy(wait) : new SyncOutcome.Refused(reason);
    }

    /** Tells whether the browser shows another login than this one: by a genuine token, by its session, or by its mark. */
    private boolean showsAnother(
            HttpServletRequest request, @Nullable SessionBinding binding, SessionIdentity identity) {
        return (binding != null && !binding.identity().equals(identity))
                || cookies.marksAnother(request, identity)
                || credentials.genuine(request).stream()
                        .anyMatch(token -> !token.identity().equals(identity));
    }

    private boolean hasEnded(VerifiedToken token) {
        try {
            return credentials.isRevoked(token);
        } catch (RuntimeException | LinkageError cannotTell) {
            // The request was decided while it could be told; nothing new is known.
            return false;
        }
    }

    private boolean isPastLogin(Credential credential, HttpServletRequest request) {
        if (credential instanceof Credential.Expired || credential instanceof Credential.Dead) {
            return true;
        }
        boolean noUser = credential instanceof Credential.None || credential instanceof Credential.Bad;
        return noUser
                && !credentials.showsBearer(request)
                && cookies.generations(request).twinSent();
    }

    private void remember(HttpServletRequest request, SessionDecision decision, boolean pastLogin) {
        request.setAttribute(DECISION, new Decided(config, decision, pastLogin));
    }

    private @Nullable Decided remembered(HttpServletRequest request) {
        return request.getAttribute(DECISION) instanceof Decided decided
                        && decided.by().equals(config)
                ? decided
                : null;
    }

    /** A late older post never wins: the token that the browser holds already, if it is of this login and not earlier. */
    private static @Nullable VerifiedToken keptInsteadOf(VerifiedToken posted, Credential presented) {
        return presented instanceof Credential.Good held
                        && held.token().identity().equals(posted.identity())
                        && !posted.expiresAt().isAfter(held.token().expiresAt())
                ? held.token()
                : null;
    }

    private void tellSignIn(
            @Nullable SessionIdentity before, @Nullable SessionBinding binding, Credential.Good posted) {
        if (before != null && before.isSameUser(posted.token().identity())) {
            return;
        }
        if (before != null && binding == null) {
            effects.tell(new AuthChange.SignedOut(before, AuthChange.Cause.REPLACED));
        }
        effects.tell(new AuthChange.SignedIn(posted.principal()));
    }

    /** Who the browser was until now: by its session, else by a genuine token, even an expired one. */
    private static @Nullable SessionIdentity whoWas(@Nullable SessionBinding binding, Credential presented) {
        if (binding != null && !binding.ended()) {
            return binding.identity();
        }
        VerifiedToken token = presented instanceof Credential.Revoked ? null : CredentialReader.genuine(presented);
        return token == null ? null : token.identity();
    }

    /**
     * Revokes what was issued for a login up to now, or up to a time of issue that is later by the issuer's clock; returns
     * whether this call was the first to do so on this node.
     */
    private boolean revoke(String login, Instant issuedAt) {
        Instant now = clock.instant();
        Instant issuedUpTo = issuedAt.isAfter(now) ? issuedAt : now;
        try {
            synchronized (revocationLock) {
                if (revocations.isRevoked(login, issuedAt)) {
                    return false;
                }
                revocations.revoke(
                        login, issuedUpTo, issuedUpTo.plus(maxTokenLife).plus(leeway));
                return true;
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.log(
                    Level.WARNING,
                    "Revocations failed with {0}: a token issued before this sign-out stays good until it expires.",
                    e.getClass().getName());
            return true;
        }
    }

    private static SyncOutcome.Reason reason(Credential refused) {
        if (refused instanceof Credential.Expired) {
            return SyncOutcome.Reason.EXPIRED;
        }
        if (refused instanceof Credential.Revoked) {
            return SyncOutcome.Reason.REVOKED;
        }
        if (refused instanceof Credential.Unknowable) {
            return SyncOutcome.Reason.UNAVAILABLE;
        }
        return refused instanceof Credential.Bad bad && bad.reason() == Rejection.NOT_YET_VALID
                ? SyncOutcome.Reason.NOT_YET_VALID
                : SyncOutcome.Reason.INVALID;
    }

    /** A decision, what else the request showed, and by which settings: another filter's need not be ours. */
    private record Decided(SigninSyncConfig by, SessionDecision decision, boolean pastLogin) {}
}
