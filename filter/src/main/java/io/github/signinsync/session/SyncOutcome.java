// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import java.time.Instant;

/** What became of a token that the script posted: exactly one of these three. */
public sealed interface SyncOutcome {

    /**
     * The browser holds a token of this login now.
     *
     * @param changed false if it held one already that is not earlier
     * @param expiresAt when the token it holds expires, without leeway
     */
    record Held(boolean changed, Instant expiresAt) implements SyncOutcome {}

    /** Nothing changed. */
    record Refused(Reason reason) implements SyncOutcome {}

    /**
     * Nothing changed, because too many came before.
     *
     * @param seconds when to try again, at least one second from now
     */
    record Busy(long seconds) implements SyncOutcome {}

    /** Why a token is not held. */
    enum Reason {
        /** Genuine, but past its time: a fresh one will do. */
        EXPIRED,
        /** Genuine, but not yet in its time: the clocks differ by more than the leeway. */
        NOT_YET_VALID,
        /** Its login was ended. */
        REVOKED,
        /** Not acceptable. */
        INVALID,
        /** Cannot be told now. */
        UNAVAILABLE
    }
}
