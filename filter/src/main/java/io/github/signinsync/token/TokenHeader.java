// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What we take from a token's header: which algorithm on our list, and the id of a key. Members that bring a key along
 * ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}) are never read; a token cannot vouch for itself.
 */
record TokenHeader(SignatureAlgorithm algorithm, String keyId) {

    private static final int MAX_KEY_ID_LENGTH = 255;

    /**
     * Each would change what the rest means, and we support none. An encoding ({@code b64}, {@code zip}) or a nested token
     * ({@code cty}) read as an ordinary one is how one text comes to mean two things; see RFC 7515, 4.1.11.
     */
    private static final List<String> UNSUPPORTED = List.of("crit", "b64", "zip", "cty");

    static TokenHeader read(Map<String, Object> header, Set<SignatureAlgorithm> accepted) throws Refused {
        if (UNSUPPORTED.stream().anyMatch(header::containsKey) || !isOrdinaryType(header.get("typ"))) {
            throw new Refused(Rejection.HEADER);
        }
        return new TokenHeader(algorithm(header.get("alg"), accepted), keyId(header.get("kid")));
    }

    /**
     * Another {@code typ} (at+jwt, logout+jwt) is another kind of token, made for another reader (RFC 8725, 3.11). Case
     * does not matter: {@code typ} is a media type, and capitals are only a recommendation (RFC 7519, 5.1).
     */
    private static boolean isOrdinaryType(@Nullable Object typ) {
        return typ == null || (typ instanceof String text && text.equalsIgnoreCase("JWT"));
    }

    private static SignatureAlgorithm algorithm(@Nullable Object alg, Set<SignatureAlgorithm> accepted) throws Refused {
        for (SignatureAlgorithm algorithm : accepted) {
            if (algorithm.name().equals(alg)) {
                return algorithm;
            }
        }
        throw new Refused(Rejection.ALGORITHM);
    }

    private static String keyId(@Nullable Object kid) throws Refused {
        // No control characters, so that whoever logs a key id need not think of forged lines.
        if (kid instanceof String text
                && !text.isEmpty()
                && text.length() <= MAX_KEY_ID_LENGTH
                && text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        throw new Refused(Rejection.HEADER);
    }
}
