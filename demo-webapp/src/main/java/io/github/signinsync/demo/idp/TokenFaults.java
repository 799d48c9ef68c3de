// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.idp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** How token calls go wrong for a while because somebody pressed a button. Safe to share between threads. */
final class TokenFaults {

    /** What becomes of a token call; in requests and answers in lower case, with hyphens. */
    enum Fault {
        NONE,
        SLOW,
        FAIL,
        REFUSE,
        REFUSE_ONCE
    }

    private final Clock clock;
    private Fault fault = Fault.NONE;
    private Instant until = Instant.MIN;

    TokenFaults(Clock clock) {
        this.clock = clock;
    }

    /** Begins a fault, which ends another; an unknown word ends whatever there is. */
    synchronized void begin(String word, Duration length) {
        fault = Fault.NONE;
        for (Fault each : Fault.values()) {
            if (word(each).equals(word)) {
                fault = each;
            }
        }
        until = clock.instant().plus(length);
    }

    /** Returns what is to become of this token call. */
    synchronized Fault next() {
        Fault next = clock.instant().isBefore(until) ? fault : Fault.NONE;
        if (next == Fault.REFUSE_ONCE) {
            fault = Fault.NONE;
        }
        return next;
    }

    /** Returns the fault and the seconds it still lasts, as its page wants to know them. */
    synchronized Map<String, Object> state() {
        Duration left = Duration.between(clock.instant(), until);
        boolean over = left.isNegative() || fault == Fault.NONE;
        return Map.of("fault", word(over ? Fault.NONE : fault), "seconds", over ? 0 : left.toSeconds());
    }

    private static String word(Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
