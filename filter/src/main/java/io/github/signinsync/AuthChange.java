// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync;

/** What happened to a login, as {@link AuthChangeListener}s hear of it: exactly one of these two. */
public sealed interface AuthChange {

    /**
     * A user is signed in who was not before.
     *
     * @param principal the user
     */
    record SignedIn(SessionPrincipal principal) implements AuthChange {}

    /**
     * A login ended. The HTTP session that was bound to it is already invalid.
     *
     * @param identity the login that ended
     * @param cause why it ended
     */
    record SignedOut(SessionIdentity identity, Cause cause) implements AuthChange {}

    /** Why a login ended. */
    enum Cause {
        /** The user signed out, here or at the provider. */
        SIGNED_OUT,
        /** Its token expired, and the application asked for a session or the lapsed session grew too old. */
        EXPIRED,
        /** Another user signed in in the same browser. */
        REPLACED,
        /** It was revoked, by {@link Revocations}. */
        REVOKED
    }
}
