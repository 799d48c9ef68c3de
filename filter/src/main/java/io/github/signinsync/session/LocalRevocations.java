// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.Revocations;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Revocations in this process's memory: bounded, and forgotten as soon as the tokens they cover have expired. Other nodes
 * do not know of them. Safe for all threads.
 */
final class LocalRevocations implements Revocations {

    private static final Logger LOG = System.getLogger(LocalRevocations.class.getPackageName());
    private static final int MAX_ENTRIES = 50_000;

    private final Clock clock;
    private final int maxEntries;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    LocalRevocations(Clock clock) {
        this(clock, MAX_ENTRIES);
    }

    LocalRevocations(Clock clock, int maxEntries) {
        this.clock = clock;
        this.maxEntries = maxEntries;
    }

    @Override
    public synchronized boolean isRevoked(String login, Instant issuedAt) {
        Entry entry = entries.get(login);
        return entry != null && !issuedAt.isAfter(entry.issuedUpTo());
    }

    @Override
    public synchronized void revoke(String login, Instant issuedUpTo, Instant forgetAfter) {
        forgetWhatExpired();
        entries.remove(login);
        entries.put(login, new Entry(issuedUpTo, forgetAfter));
        if (entries.size() > maxEntries) {
            // Only signed-in users get here, each with a token of their own, so the oldest sign-out is the least
            // needed.
            entries.remove(entries.keySet().iterator().next());
            LOG.log(
                    Level.WARNING,
                    "More than {0} sign-outs are remembered: the oldest is forgotten, and its token good until it expires.",
                    maxEntries);
        }
    }

    private void forgetWhatExpired() {
        Instant now = clock.instant();
        Iterator<Entry> oldestFirst = entries.values().iterator();
        while (oldestFirst.hasNext() && now.isAfter(oldestFirst.next().forgetAfter())) {
            oldestFirst.remove();
        }
    }

    private record Entry(Instant issuedUpTo, Instant forgetAfter) {}
}
