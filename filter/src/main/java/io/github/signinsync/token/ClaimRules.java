// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import io.github.signinsync.config.SigninSyncConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this application asks of a token beyond its signature. Pure: the answer depends on the claims and the time given. */
final class ClaimRules {

    private final SigninSyncConfig.Token config;

    ClaimRules(SigninSyncConfig.Token config) {
        this.config = config;
    }

    /** Returns the issuer if it is ours, compared character by character. */
    String requireIssuer(Map<String, Object> payload) throws Refused {
        if (payload.get("iss") instanceof String issuer && config.issuers().contains(issuer)) {
            return issuer;
        }
        throw new Refused(Rejection.ISSUER);
    }

    /** Refuses what is not acceptable, expired or not. */
    void check(TokenClaims claims, Instant now) throws Refused {
        checkAudience(claims);
        checkLifetime(claims, now);
        if (isAfter(claims.notBefore(), now.plus(config.leeway()))
                || isAfter(claims.issuedAt(), now.plus(config.leeway()))) {
            throw new Refused(Rejection.NOT_YET_VALID);
        }
    }

    /** A token whose {@code exp} plus leeway is exactly now is already expired (RFC 7519, 4.1.4). */
    boolean expired(TokenClaims claims, Instant now) {
        return !claims.expiresAt().plus(config.leeway()).isAfter(now);
    }

    private void checkAudience(TokenClaims claims) throws Refused {
        boolean forUs = config.audience().isEmpty() || !Collections.disjoint(config.audience(), claims.audience());
        // Strict: where parties are listed, a token that names none is not ours.
        boolean byParty = config.authorizedParties().isEmpty()
                || (claims.authorizedParty() != null
                        && config.authorizedParties().contains(claims.authorizedParty()));
        if (!forUs || !byParty) {
            throw new Refused(Rejection.AUDIENCE);
        }
    }

    /** From issue and from now: a token without {@code iat}, or with an invented one, must not live long either. */
    private void checkLifetime(TokenClaims claims, Instant now) throws Refused {
        Instant issuedAt = claims.issuedAt();
        if (isAfter(issuedAt, claims.expiresAt())) {
            throw new Refused(Rejection.CLAIMS);
        }
        Duration longest = config.maxLife().plus(config.leeway());
        if (isAfter(claims.expiresAt(), now.plus(longest))
                || (issuedAt != null && isAfter(claims.expiresAt(), issuedAt.plus(longest)))) {
            throw new Refused(Rejection.LIFETIME);
        }
    }

    private static boolean isAfter(@Nullable Instant moment, Instant limit) {
        return moment != null && moment.isAfter(limit);
    }
}
