// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync;

import java.time.Instant;

/**
 * Remembers which logins have ended although their tokens have not expired yet.
 *
 * <p>Without one of its own, an application gets a store in this process's memory: a token presented again after sign-out
 * is refused by this node. A shared store makes that true for all nodes. Found by {@link java.util.ServiceLoader}; at
 * most one may exist. One instance serves all threads. If it throws, the request is answered 503, never signed out.
 *
 * <p>A revocation covers what was issued up to a time, not the login as a whole: a token that the provider issues later
 * for the same login says that the provider still regards the user as signed in.
 */
public interface Revocations {

    /**
     * Tells whether a token of this login, issued at this time, has been revoked.
     *
     * @param login an opaque key of 64 hexadecimal digits; equal for all tokens of a login that has a session id, and
     *     particular to the one token otherwise
     * @param issuedAt when the token was issued, in whole seconds; {@link Instant#EPOCH} if it does not say
     * @return true if a revocation of this login covers that time
     */
    boolean isRevoked(String login, Instant issuedAt);

    /**
     * Revokes every token of this login that was issued at or before a time.
     *
     * @param login the key, as above
     * @param issuedUpTo the latest time of issue that is covered
     * @param forgetAfter when the last token covered has expired, so that this entry is no longer needed
     */
    void revoke(String login, Instant issuedUpTo, Instant forgetAfter);
}
