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
import org.jspecify.annotations.Nullable;

/**
 * Says who a request is from, and signs browsers in and out. Read, verify, decide, apply: once a request, whatever
 * dispatches follow. Safe for all threads; throws nothing of its own.
 */
public final class RequestAuthenticator {

    private static final Logger LOG = System.getLogger(RequestAuthenticator.class.getPackageName());

    /** Request attribute that holds the decision. Its type, which no header or parameter can have, is what counts. */
    private static final String DECISION = "io.github.signinsync.decision";

    private final SessionCookies cookies;
    private final CredentialReader credentials;
    private final SessionRules rules;
    private final SessionEffects effects;
    private final Revocations revocations;
    private final Duration leeway;
    private final Clock clock;
    private final Object revocationLock = new Object();

    /** Makes an authenticator. */
    public RequestAuthenticator(SigninSyncConfig config, TokenVerifier verifier, Extensions extensions, Clock clock) {
        boolean issuesCookies = config.sync().served();
        this.leeway = config.token().leeway();
        this.clock = clock;
        this.revocations = extensions.revocations() != null ? extensions.revocations() : new LocalRevocations(clock);
        this.cookies = new SessionCookies(config.cookie(), issuesCookies, leeway, clock);
        this.credentials = new CredentialReader(
                cookies,
                config.session().bearer(),
                verifier,
                revocations,
                new PrincipalMapper(
                        config.session().nameClaim(), config.session().rolesClaim(), extensions.rolesMapper()));
        this.rules = new SessionRules(leeway, config.session().lapsedLimit());
        this.effects = new SessionEffects(config.session().binding(), !issuesCookies, extensions.listeners());
    }

    /** Decides the request and carries the decision out; a request that was decided before keeps its decision. */
    public SessionDecision authenticate(HttpServletRequest request, HttpServletResponse response) {
        SessionDecision before = decided(request);
        if (before != null) {
            return before;
        }
        Credential credential = credentials.presented(request);
        SessionDecision decision = rules.decide(credential, effects.binding(request), clock.instant());
        if (isOver(credential) && !credentials.showsBearer(request) && FetchMetadata.isDocument(request)) {
            // Not for a fetch: its late answer could wipe a cookie that was refreshed meanwhile.
            cookies.clear(request, response);
        }
        effects.apply(decision, request);
        remember(request, decision);
        return decision;
    }

    /** Returns the decision this request already has, or null. */
    public @Nullable SessionDecision decided(HttpServletRequest request) {
        return request.getAttribute(DECISION) instanceof SessionDecision decision ? decision : null;
    }

    /** Tells whether the request brings a session that is somebody's. */
    public boolean bringsBoundSession(HttpServletRequest request) {
        return effects.binding(request) != null;
    }

    /**
     * Makes the browser hold this token, if it is good and later than what it holds. A refused token leaves everything as it
     * was.
     */
    public SyncOutcome signIn(HttpServletRequest request, HttpServletResponse response, String text) {
        Credential credential = credentials.judge(text);
        if (!(credential instanceof Credential.Good posted)) {
            return new SyncOutcome.Refused(reason(credential));
        }
        Credential presented = credentials.presented(request);
        VerifiedToken kept = keptInsteadOf(posted.token(), presented);
        SessionBinding binding = effects.binding(request);
        SessionIdentity before = whoWas(binding, presented);
        SessionDecision decision = rules.decide(posted, binding, clock.instant());

        if (kept != null) {
            cookies.confirm(response, kept);
        } else {
            cookies.hold(response, text, posted.token());
        }
        effects.apply(decision, request);
        tellSignIn(before, binding, posted);
        VerifiedToken held = kept != null ? kept : posted.token();
        return new SyncOutcome.Held(kept == null, held.expiresAt());
    }

    /** Ends the browser's login: the token it holds, the login that token belongs to, and the session bound to it. */
    public void signOut(HttpServletRequest request, HttpServletResponse response) {
        Credential presented = credentials.presented(request);
        SessionBinding binding = effects.binding(request);
        SessionIdentity revoked = presented instanceof Credential.Good good && revoke(good.token())
                ? good.token().identity()
                : null;
        VerifiedToken token = genuine(presented);
        if (token != null) {
            cookies.release(request, response, token);
        } else {
            cookies.clear(request, response);
        }
        // Where there is a session, whoever ends it tells; where there is none, whoever revokes the token first.
        if (binding != null) {
            effects.end(request, AuthChange.Cause.SIGNED_OUT);
        }
        if (revoked != null && (binding == null || !binding.identity().isSameUser(revoked))) {
            effects.tell(new AuthChange.SignedOut(revoked, AuthChange.Cause.SIGNED_OUT));
        }
        remember(request, new SessionDecision.Anonymous());
    }

    /** Returns the session as this user may see it; see {@code SessionEffects}. */
    public @Nullable HttpSession session(
            HttpServletRequest request, SessionPrincipal principal, VerifiedToken token, boolean create) {
        return effects.session(request, principal, token, create);
    }

    /** Returns the session as somebody without a user may see it; see {@code SessionEffects}. */
    public @Nullable HttpSession sessionWithoutUser(HttpServletRequest request, boolean create) {
        return effects.sessionWithoutUser(request, create);
    }

    private static void remember(HttpServletRequest request, SessionDecision decision) {
        request.setAttribute(DECISION, decision);
    }

    private static boolean isOver(Credential credential) {
        return credential instanceof Credential.Expired || credential instanceof Credential.Revoked;
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
        VerifiedToken token = presented instanceof Credential.Revoked ? null : genuine(presented);
        return token == null ? null : token.identity();
    }

    private static @Nullable VerifiedToken genuine(Credential credential) {
        if (credential instanceof Credential.Good good) {
            return good.token();
        }
        if (credential instanceof Credential.Expired expired) {
            return expired.token();
        }
        return credential instanceof Credential.Revoked revoked ? revoked.token() : null;
    }

    /** Revokes what was issued for the token's login up to now; returns whether this call was the first on this node. */
    private boolean revoke(VerifiedToken token) {
        String login = LoginKey.of(token);
        Instant now = clock.instant();
        Instant issuedUpTo = token.issuedAt().isAfter(now) ? token.issuedAt() : now;
        Instant issuedAt = token.issuedAt().equals(Instant.EPOCH) ? now : token.issuedAt();
        Duration life = Duration.between(issuedAt, token.expiresAt());
        try {
            synchronized (revocationLock) {
                if (revocations.isRevoked(login, token.issuedAt())) {
                    return false;
                }
                revocations.revoke(login, issuedUpTo, issuedUpTo.plus(life).plus(leeway));
                return true;
            }
        } catch (RuntimeException e) {
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
}
