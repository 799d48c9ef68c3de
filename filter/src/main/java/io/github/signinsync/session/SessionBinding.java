// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.SessionIdentity;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code HttpSession} remembers of the login it belongs to. Small, serialisable, and without any part of a token.
 *
 * @param identity whose session it is
 * @param expiresAtSeconds when the newest token seen for it expires, in seconds since the epoch, without leeway
 * @param ended a tombstone: the session is being invalidated and is nobody's any more
 */
public record SessionBinding(SessionIdentity identity, long expiresAtSeconds, boolean ended) implements Serializable {

    /** Name of the session attribute that holds it. */
    static final String ATTRIBUTE = "io.github.signinsync.binding";

    private static final SessionBinding UNREADABLE = new SessionBinding(new SessionIdentity("", "", null), 0, true);

    /** Returns the session's binding; null if it has none. Something unreadable in its place counts as a tombstone. */
    static @Nullable SessionBinding of(@Nullable HttpSession session) {
        if (session == null) {
            return null;
        }
        try {
            Object value = session.getAttribute(ATTRIBUTE);
            if (value == null) {
                return null;
            }
            return value instanceof SessionBinding binding ? binding : UNREADABLE;
        } catch (IllegalStateException invalidatedMeanwhile) {
            return null;
        } catch (RuntimeException storeFailed) {
            return UNREADABLE;
        }
    }

    SessionBinding tombstone() {
        return new SessionBinding(identity, expiresAtSeconds, true);
    }

    Instant expiresAt() {
        return Instant.ofEpochSecond(expiresAtSeconds);
    }

    /** Says whether it is a tombstone, and no more: the rest is personal data. */
    @Override
    public String toString() {
        return "SessionBinding[ended=" + ended + "]";
    }
}
