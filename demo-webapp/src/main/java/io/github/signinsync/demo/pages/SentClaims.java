// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import jakarta.servlet.ServletContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The claims that were sent, in memory and the newest hundred only. Safe to share between threads. */
public final class SentClaims {

    private static final String ATTRIBUTE = SentClaims.class.getName();
    private static final int LIMIT = 100;

    private final Deque<Sent> newestFirst = new ArrayDeque<>();

    static SentClaims of(ServletContext application) {
        synchronized (application) {
            if (!(application.getAttribute(ATTRIBUTE) instanceof SentClaims)) {
                application.setAttribute(ATTRIBUTE, new SentClaims());
            }
            return (SentClaims) application.getAttribute(ATTRIBUTE);
        }
    }

    synchronized void add(Sent claim) {
        newestFirst.addFirst(claim);
        if (newestFirst.size() > LIMIT) {
            newestFirst.removeLast();
        }
    }

    synchronized List<Sent> by(String subject) {
        return newestFirst.stream()
                .filter(claim -> claim.subject().equals(subject))
                .toList();
    }

    synchronized List<Sent> all() {
        return List.copyOf(newestFirst);
    }

    /**
     * One claim.
     *
     * @param subject who sent it
     * @param name what they are called
     * @param draft what it says
     */
    public record Sent(String subject, String name, Draft draft) {}
}
