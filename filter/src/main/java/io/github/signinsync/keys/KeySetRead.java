// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import java.util.List;
import java.util.Map;

/** What came of reading the issuer's set once: exactly one of these two. */
sealed interface KeySetRead {

    /**
     * The set was read and has at least one usable key.
     *
     * @param keys the usable keys by id
     * @param skipped the entries that are of no use, in the order of the set
     */
    record Done(Map<String, SigningKey> keys, List<JwkEntry.Unusable> skipped) implements KeySetRead {
        public Done {
            keys = Map.copyOf(keys);
            skipped = List.copyOf(skipped);
        }
    }

    /**
     * It could not be read, or nothing in it is of use. What is held already stays.
     *
     * @param reason why
     * @param skipped the entries of a set that was read, none of them usable
     */
    record Failed(ReadFailure reason, List<JwkEntry.Unusable> skipped) implements KeySetRead {
        public Failed {
            skipped = List.copyOf(skipped);
        }

        Failed(ReadFailure reason) {
            this(reason, List.of());
        }
    }
}
