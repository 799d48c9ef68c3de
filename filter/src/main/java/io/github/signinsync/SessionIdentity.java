// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes two tokens the same login: the issuer, the subject and, where the issuer says so, its session id.
 *
 * <p>An e-mail address or user name is never part of it: those can be reassigned (OWASP ASVS 5.0, 10.3.3). Immutable, so
 * it may be shared between threads.
 *
 * @param issuer the {@code iss} claim, exactly as configured
 * @param subject the {@code sub} claim, never blank
 * @param sessionId the {@code sid} claim, or null where the issuer sends none
 */
public record SessionIdentity(
        String issuer, String subject, @Nullable String sessionId) implements Serializable {

    /** Refuses a null issuer or subject. */
    public SessionIdentity {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(subject, "subject");
    }

    /**
     * Tells whether this and the other identity are the same user, whatever session at the issuer they come from.
     *
     * @param other the identity to compare with
     * @return true if issuer and subject are equal
     */
    public boolean isSameUser(SessionIdentity other) {
        return issuer.equals(other.issuer) && subject.equals(other.subject);
    }

    /** Names the issuer only: a subject is personal data and must not end up in a log by accident. */
    @Override
    public String toString() {
        return "SessionIdentity[issuer=" + issuer + "]";
    }
}
