// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's whole set as it was at one moment. Never changes: a newer set takes its place as a whole, which is what
 * makes a withdrawn key stop.
 *
 * @param keys the usable keys by id
 * @param fetchedAt when the read began, in monotonic nanoseconds; the beginning, because the issuer may have composed its
 *     answer then
 */
record KeySet(Map<String, SigningKey> keys, long fetchedAt) {

    KeySet {
        keys = Map.copyOf(keys);
    }

    @Nullable
    SigningKey key(String keyId) {
        return keys.get(keyId);
    }

    /** Returns whether the set is younger than this, now being in monotonic nanoseconds. */
    boolean youngerThan(Duration limit, long now) {
        return now - fetchedAt < limit.toNanos();
    }
}
