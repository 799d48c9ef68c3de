// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import io.github.signinsync.AuthChange;
import io.github.signinsync.AuthChangeListener;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Keeps the latest sign-ins and sign-outs for the live view. A real application would write an audit log here, and would
 * not show it to everybody.
 */
public final class AuthLog implements AuthChangeListener {

    private static final int LIMIT = 50;

    // The filter makes the listener and the container makes the servlet; a static is where the two can meet.
    private static final Deque<Event> NEWEST_FIRST = new ArrayDeque<>();

    private static long counter;

    @Override
    public void onAuthChange(AuthChange change) {
        if (change instanceof AuthChange.SignedIn in) {
            add("SignedIn", in.principal().getIdentity().subject(), "");
        } else if (change instanceof AuthChange.SignedOut out) {
            add("SignedOut", out.identity().subject(), out.cause().name());
        }
    }

    /** Returns the latest changes, the newest first. */
    static List<Event> events() {
        synchronized (NEWEST_FIRST) {
            return List.copyOf(NEWEST_FIRST);
        }
    }

    private static void add(String kind, String subject, String cause) {
        synchronized (NEWEST_FIRST) {
            counter++;
            NEWEST_FIRST.addFirst(new Event(counter, Instant.now().toEpochMilli(), kind, subject, cause));
            if (NEWEST_FIRST.size() > LIMIT) {
                NEWEST_FIRST.removeLast();
            }
        }
    }

    /**
     * One change.
     *
     * @param number counts up from 1
     * @param at when, in milliseconds since 1970
     * @param kind {@code SignedIn} or {@code SignedOut}
     * @param subject who
     * @param cause why a login ended; empty for a sign-in
     */
    record Event(long number, long at, String kind, String subject, String cause) {}
}
