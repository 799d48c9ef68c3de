// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

/** Why a set could not be read. The word is all that is ever logged: messages of libraries and servers are not ours. */
enum ReadFailure {
    /** No connection, or no complete answer, in time. */
    TIMEOUT("timeout"),
    /** Nobody listens there. */
    REFUSED("refused"),
    /** The server cannot be trusted, or does not speak TLS. */
    TLS("tls"),
    /** The connection broke, or the host name is not known. */
    IO("io"),
    /** An answer other than 200, redirects included. */
    STATUS("status"),
    /** Longer than a key set may be. */
    TOO_LARGE("too-large"),
    /** Not strict JSON in UTF-8, or not a key set. */
    UNREADABLE("unreadable"),
    /** A key set without one usable key. */
    EMPTY("empty");

    private final String word;

    ReadFailure(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
