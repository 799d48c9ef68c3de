// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

/** What is known of a key id: exactly one of these three. */
public sealed interface KeyLookup {

    /** The issuer signs with it. */
    record Found(SigningKey key) implements KeyLookup {}

    /** The issuer's set was read a moment ago and does not have it. */
    record Unknown() implements KeyLookup {}

    /**
     * Cannot tell now. Never treat this as "no".
     *
     * @param detail a fixed word for the log, never a message of a library or a server
     */
    record Unavailable(String detail) implements KeyLookup {}
}
