// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

/** Why a token is never acceptable. These words, and nothing of the token, go into a log. */
public enum Rejection {
    /** Longer than any token we accept. */
    TOO_LONG,
    /** Not three parts of canonical base64url that hold strict JSON objects. */
    MALFORMED,
    /** A header member we do not accept: {@code crit}, {@code b64}, {@code zip}, {@code typ}, or no {@code kid}. */
    HEADER,
    /** An algorithm that is not on the list, or that does not fit the key. */
    ALGORITHM,
    /** No key of that id is in the issuer's set. */
    UNKNOWN_KEY,
    /** The signature does not match. */
    SIGNATURE,
    /** Another issuer, or none. */
    ISSUER,
    /** Not meant for this application: {@code aud} or {@code azp}. */
    AUDIENCE,
    /** A required claim is missing or of the wrong kind. */
    CLAIMS,
    /** {@code nbf} or {@code iat} is later than now plus leeway. */
    NOT_YET_VALID,
    /** Lives longer than {@code maxTokenLife}. */
    LIFETIME,
    /** Cookies of one name hold tokens of more than one login, or too many values. */
    AMBIGUOUS,
    /** A library threw what it should not: refused, and worth a bug report. */
    INTERNAL
}
