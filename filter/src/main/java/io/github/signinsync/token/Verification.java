// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

/** What we know about a presented token: exactly one of these four. */
public sealed interface Verification {

    /** Signature, issuer, times and all configured claims hold. Only {@link TokenVerifier} can make the token inside. */
    record Valid(VerifiedToken token) implements Verification {}

    /** Genuine and acceptable in every way, but past {@code exp} plus leeway. */
    record Expired(VerifiedToken token) implements Verification {}

    /** Never acceptable; retrying cannot help. */
    record Invalid(Rejection reason) implements Verification {}

    /** Cannot tell now, because keys or revocations could not be had. Never treat this as "no". */
    record Unavailable(String detail) implements Verification {}
}
