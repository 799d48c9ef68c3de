// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test moves it. Safe for all threads. */
public final class MovableClock extends Clock {

    private volatile Instant now;

    /** Makes a clock that stands at this time. */
    public MovableClock(Instant start) {
        now = start;
    }

    /** Moves it, backwards too. */
    public synchronized void move(Duration step) {
        now = now.plus(step);
    }

    /** Returns the time in seconds since the epoch, as tokens have it. */
    public long seconds() {
        return instant().getEpochSecond();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
