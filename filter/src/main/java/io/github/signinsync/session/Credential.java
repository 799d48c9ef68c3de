// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.token.Rejection;
import io.github.signinsync.token.VerifiedToken;

/**
 * What a request shows of who sent it: a {@link io.github.signinsync.token.Verification} seen together with revocations
 * and roles. Exactly one of these seven.
 */
sealed interface Credential {

    /** No token at all. */
    record None() implements Credential {}

    /** A token cookie that a sign-out or another user has overtaken: worth no more than none, whatever it says. */
    record Dead() implements Credential {}

    /** Verified, not revoked, and its roles are known. */
    record Good(VerifiedToken token, SessionPrincipal principal) implements Credential {}

    /** Genuine, but past its time. */
    record Expired(VerifiedToken token) implements Credential {}

    /** Genuine and in time, but its login was ended before. */
    record Revoked(VerifiedToken token) implements Credential {}

    /** Not acceptable. */
    record Bad(Rejection reason) implements Credential {}

    /** Cannot be told now: keys, revocations or roles were not to be had. */
    record Unknowable() implements Credential {}
}
