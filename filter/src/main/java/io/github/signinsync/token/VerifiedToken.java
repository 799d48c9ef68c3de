// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import io.github.signinsync.SessionIdentity;
import java.time.Instant;
import java.util.Map;

/**
 * Proof that a token was verified: only {@link TokenVerifier} can make one. It does not hold the token itself, so it
 * cannot leak it.
 */
public final class VerifiedToken {

    private final String digest;
    private final String keyId;
    private final SessionIdentity identity;
    private final Instant issuedAt;
    private final Instant expiresAt;
    private final Map<String, Object> claims;

    VerifiedToken(
            String digest,
            String keyId,
            SessionIdentity identity,
            Instant issuedAt,
            Instant expiresAt,
            Map<String, Object> claims) {
        this.digest = digest;
        this.keyId = keyId;
        this.identity = identity;
        this.issuedAt = issuedAt;
        this.expiresAt = expiresAt;
        this.claims = claims;
    }

    /**
     * Returns the SHA-256 of header and payload in 64 hexadecimal digits. The signature is left out: an ECDSA signature has
     * a second spelling, and both must name one token.
     */
    public String digest() {
        return digest;
    }

    /** Returns the {@code kid} of the key that signed it. */
    public String keyId() {
        return keyId;
    }

    /** Returns whose token it is. */
    public SessionIdentity identity() {
        return identity;
    }

    /** Returns {@code iat} in whole seconds, or {@link Instant#EPOCH} if it has none. */
    public Instant issuedAt() {
        return issuedAt;
    }

    /** Returns {@code exp} in whole seconds, without leeway. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /**
     * Returns all claims, deeply unmodifiable, without null values: String, Boolean, List, Map, and of numbers Long where it
     * fits, BigInteger for longer integers and Double for everything with a fraction or exponent.
     */
    public Map<String, Object> claims() {
        return claims;
    }

    /** Names the key only. */
    @Override
    public String toString() {
        return "VerifiedToken[keyId=" + keyId + "]";
    }
}
