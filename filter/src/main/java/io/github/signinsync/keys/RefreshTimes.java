// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When the set is read next. Jitter keeps the nodes of a cluster, all started by the same deployment, from asking in step.
 *
 * @param refresh age at which the set must have been read again
 * @param random numbers from 0 (inclusive) to 1 (exclusive)
 */
record RefreshTimes(Duration refresh, DoubleSupplier random) {

    private static final int LONGEST_STEP = 6;

    /** Returns the age at which a good set is read again: 80 to 90 % of {@code refresh}, so that the read fits in. */
    Duration afterSuccess() {
        return times(refresh, 0.8 + 0.1 * random.getAsDouble());
    }

    /**
     * Returns how long to wait after this many failures in a row: 1, 2, 4 ... 48 seconds and up to a quarter more, so never
     * above 60 seconds.
     */
    Duration afterFailures(int inARow) {
        int step = Math.min(inARow - 1, LONGEST_STEP);
        Duration least = Duration.ofSeconds(Math.min(1L << step, 48));
        return times(least, 1 + 0.25 * random.getAsDouble());
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }
}
