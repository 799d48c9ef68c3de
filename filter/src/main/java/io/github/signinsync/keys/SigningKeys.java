// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

/** The keys one issuer signs with now. Safe for all threads. */
public interface SigningKeys {

    /**
     * Looks a key up by its id. Answers at once for a key that is held; for any other it may wait a bounded time (3 seconds
     * at most) for one read of the issuer's set.
     *
     * @param keyId the {@code kid} of a token's header: a stranger's input
     * @return what is known; never throws
     */
    KeyLookup find(String keyId);
}
