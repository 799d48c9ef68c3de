// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often tokens may be posted: good ones by login, refused ones by address. A good token is never refused for where it
 * comes from, or one visitor could lock a whole office out. Bounded; knows this process only. Safe for all threads.
 */
final class SyncLimits {

    private static final int LOGIN_BURST = 30;
    private static final int FAILURE_BURST = 60;
    private static final int MAX_ENTRIES = 10_000;

    private final Buckets logins;
    private final Buckets failures;

    SyncLimits(Clock clock) {
        logins = new Buckets(LOGIN_BURST, MAX_ENTRIES, clock);
        failures = new Buckets(FAILURE_BURST, MAX_ENTRIES, clock);
    }

    /** Counts a good token of this login; returns 0, or in how many seconds it may be posted again. */
    long secondsUntilAccepted(String login) {
        return logins.take(login);
    }

    /** Counts a refused token from this address; returns 0, or in how many seconds the next will be told why. */
    long secondsUntilExplained(String address) {
        return failures.take(address);
    }

    /** Token buckets by key, each refilled by one a second. The one that was idle longest makes room for a new one. */
    static final class Buckets {

        private static final long MILLIS_EACH = 1_000;
        private static final long MILLIS_PER_SECOND = 1_000;

        private final long full;
        private final int maxEntries;
        private final Clock clock;
        private final Map<String, Bucket> leastRecentFirst = new LinkedHashMap<>(16, 0.75f, true);

        Buckets(int burst, int maxEntries, Clock clock) {
            this.full = burst * MILLIS_EACH;
            this.maxEntries = maxEntries;
            this.clock = clock;
        }

        /** Takes one from the key's bucket; returns 0, or if it is empty in how many seconds there will be one. */
        synchronized long take(String key) {
            long now = clock.millis();
            Bucket before = leastRecentFirst.get(key);
            long credit = before == null ? full : Math.min(full, before.credit() + elapsed(before.at(), now));
            boolean free = credit >= MILLIS_EACH;
            leastRecentFirst.put(key, new Bucket(free ? credit - MILLIS_EACH : credit, now));
            if (leastRecentFirst.size() > maxEntries) {
                leastRecentFirst.remove(leastRecentFirst.keySet().iterator().next());
            }
            return free ? 0 : (MILLIS_EACH - credit + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
        }

        /** A clock that was set back has measured nothing, and goes on from where it is. */
        private long elapsed(long before, long now) {
            return Math.max(0, Math.min(full, now - before));
        }

        private record Bucket(long credit, long at) {}
    }
}
