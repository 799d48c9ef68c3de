// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync;

import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The signed-in user of one request, as {@code HttpServletRequest.getUserPrincipal()} returns it.
 *
 * <p>Every value comes from a token whose signature, issuer and times were verified for this request. Immutable, so it
 * may be shared between threads. Do not keep it longer than the request: the next request may be somebody else's.
 */
public final class SessionPrincipal implements Principal {

    private final String name;
    private final SessionIdentity identity;
    private final Set<String> roles;
    private final Map<String, Object> claims;

    /**
     * Makes a principal, for tests of applications; the filter makes its own.
     *
     * @param name what {@link #getName()} and {@code getRemoteUser()} answer
     * @param identity the login this principal belongs to
     * @param roles what {@code isUserInRole} answers true for
     * @param claims the verified claims by name; copied, so no value may be null
     */
    public SessionPrincipal(String name, SessionIdentity identity, Set<String> roles, Map<String, Object> claims) {
        this.name = Objects.requireNonNull(name, "name");
        this.identity = Objects.requireNonNull(identity, "identity");
        this.roles = Set.copyOf(roles);
        this.claims = Map.copyOf(claims);
    }

    /** Returns the claim that the setting {@code nameClaim} names; the subject unless set. */
    @Override
    public String getName() {
        return name;
    }

    /** Returns the issuer, subject and session id; use this, not the name, as the key of a user record. */
    public SessionIdentity getIdentity() {
        return identity;
    }

    /** Returns the roles, unmodifiable; empty if the token has none. */
    public Set<String> getRoles() {
        return roles;
    }

    /**
     * Returns the verified claims by name, unmodifiable all the way down: text, numbers, booleans, lists and maps. A
     * claim that was JSON {@code null} is absent.
     */
    public Map<String, Object> getClaims() {
        return claims;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionPrincipal that
                && name.equals(that.name)
                && identity.equals(that.identity)
                && roles.equals(that.roles)
                && claims.equals(that.claims);
    }

    @Override
    public int hashCode() {
        return identity.hashCode();
    }

    /** Returns the name: never claims, which are personal data. */
    @Override
    public String toString() {
        return name;
    }
}
