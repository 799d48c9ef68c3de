// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.Revocations;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.token.Rejection;
import io.github.signinsync.token.TokenVerifier;
import io.github.signinsync.token.Verification;
import io.github.signinsync.token.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the token of a request and says what it is worth. Extensions of the application are called here and nowhere else on
 * this path; what they throw becomes {@link Credential.Unknowable}.
 */
final class CredentialReader {

    private static final Logger LOG = System.getLogger(CredentialReader.class.getPackageName());

    /** A browser sends one; a sibling subdomain or another path may add to it; more is somebody trying. */
    private static final int MAX_TOKENS = 3;

    private static final String BEARER = "bearer ";

    private final SessionCookies cookies;
    private final boolean bearer;
    private final TokenVerifier verifier;
    private final Revocations revocations;
    private final PrincipalMapper principals;

    CredentialReader(
            SessionCookies cookies,
            boolean bearer,
            TokenVerifier verifier,
            Revocations revocations,
            PrincipalMapper principals) {
        this.cookies = cookies;
        this.bearer = bearer;
        this.verifier = verifier;
        this.revocations = revocations;
        this.principals = principals;
    }

    /** Tells whether the request is judged by its bearer token, so that its cookies have no say. */
    boolean showsBearer(HttpServletRequest request) {
        return bearer && bearerToken(request) != null;
    }

    /** Says what the request shows: its bearer token if those are read, else its cookies. */
    Credential presented(HttpServletRequest request) {
        Set<String> tokens = tokens(request);
        if (!tokens.isEmpty()
                && !showsBearer(request)
                && cookies.generations(request).tokenIsDead()) {
            return new Credential.Dead();
        }
        if (tokens.size() > MAX_TOKENS) {
            return new Credential.Bad(Rejection.AMBIGUOUS);
        }
        Credential best = new Credential.None();
        for (String token : tokens) {
            best = better(best, judge(token));
        }
        return best;
    }

    /** Returns every genuine token the request shows, in time or not, and dead ones too. */
    List<VerifiedToken> genuine(HttpServletRequest request) {
        return tokens(request).stream()
                .limit(MAX_TOKENS)
                .map(this::judge)
                .map(CredentialReader::genuine)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns the credential's token if it is genuine, in time or not. */
    static @Nullable VerifiedToken genuine(Credential credential) {
        if (credential instanceof Credential.Good good) {
            return good.token();
        }
        if (credential instanceof Credential.Expired expired) {
            return expired.token();
        }
        return credential instanceof Credential.Revoked revoked ? revoked.token() : null;
    }

    private Set<String> tokens(HttpServletRequest request) {
        String bearerToken = bearer ? bearerToken(request) : null;
        return bearerToken != null ? Set.of(bearerToken) : cookies.tokens(request);
    }

    /** Says what this token is worth. */
    Credential judge(String text) {
        Verification verification = verifier.verify(text);
        if (verification instanceof Verification.Valid valid) {
            return judgeVerified(valid.token());
        }
        if (verification instanceof Verification.Expired expired) {
            return new Credential.Expired(expired.token());
        }
        if (verification instanceof Verification.Invalid invalid) {
            LOG.log(Level.DEBUG, "token refused: {0}", invalid.reason());
            return new Credential.Bad(invalid.reason());
        }
        if (verification instanceof Verification.Unavailable unavailable) {
            LOG.log(Level.DEBUG, "token cannot be judged now: {0}", unavailable.detail());
            return new Credential.Unknowable();
        }
        throw new AssertionError(verification.getClass());
    }

    /** Tells whether the token's login was ended. Throws what the application's own store throws. */
    boolean isRevoked(VerifiedToken token) {
        return revocations.isRevoked(LoginKey.of(token), token.issuedAt());
    }

    private Credential judgeVerified(VerifiedToken token) {
        try {
            if (isRevoked(token)) {
                return new Credential.Revoked(token);
            }
            SessionPrincipal principal = principals.principal(token);
            return new Credential.Good(token, principal);
        } catch (RuntimeException | LinkageError e) {
            LOG.log(
                    Level.WARNING,
                    "An extension of the application failed with {0}: requests that show a token are answered 503.",
                    e.getClass().getName());
            return new Credential.Unknowable();
        }
    }

    /**
     * Chooses between two cookies of one name. Two that verify must be one user's, or a sibling subdomain could place its
     * own user's token beside ours; junk beside a good one is ignored, or it could lock the user out.
     */
    private static Credential better(Credential first, Credential second) {
        if (first instanceof Credential.Good one && second instanceof Credential.Good other) {
            if (!one.token().identity().isSameUser(other.token().identity())) {
                return new Credential.Bad(Rejection.AMBIGUOUS);
            }
            return other.token().expiresAt().isAfter(one.token().expiresAt()) ? other : one;
        }
        return rank(second) > rank(first) ? second : first;
    }

    private static int rank(Credential credential) {
        if (credential instanceof Credential.Bad bad && bad.reason() == Rejection.AMBIGUOUS) {
            return 6;
        }
        if (credential instanceof Credential.Good) {
            return 5;
        }
        if (credential instanceof Credential.Unknowable) {
            return 4;
        }
        if (credential instanceof Credential.Revoked) {
            return 3;
        }
        if (credential instanceof Credential.Expired) {
            return 2;
        }
        return credential instanceof Credential.Bad ? 1 : 0;
    }

    private static @Nullable String bearerToken(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return null;
        }
        return authorization.substring(BEARER.length()).strip();
    }
}
