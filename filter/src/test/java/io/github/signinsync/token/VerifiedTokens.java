// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import io.github.signinsync.SessionIdentity;
import java.time.Instant;
import java.util.Map;

/** Makes proofs without a proof, for tests of what comes after verification. */
public final class VerifiedTokens {

    private VerifiedTokens() {}

    /** Returns a token of this login without further claims. */
    public static VerifiedToken of(SessionIdentity identity, Instant issuedAt, Instant expiresAt) {
        return of(identity, issuedAt, expiresAt, Map.of());
    }

    /** Returns a token of this login with these claims. */
    public static VerifiedToken of(
            SessionIdentity identity, Instant issuedAt, Instant expiresAt, Map<String, Object> claims) {
        return new VerifiedToken("0".repeat(64), "k1", identity, issuedAt, expiresAt, claims);
    }
}
