// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.AuthChange.Cause;
import io.github.signinsync.session.SessionDecision.Anonymous;
import io.github.signinsync.session.SessionDecision.Ended;
import io.github.signinsync.session.SessionDecision.Lapsed;
import io.github.signinsync.session.SessionDecision.Replaced;
import io.github.signinsync.session.SessionDecision.SignedIn;
import io.github.signinsync.session.SessionDecision.Undetermined;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The decision table: what the credential says, against what the session remembers. Pure; safe for all threads.
 *
 * <table>
 *   <caption>One row decides</caption>
 *   <tr><th>credential</th><th>session</th><th>decision</th></tr>
 *   <tr><td>none, dead, expired, bad</td><td>unbound or none</td><td>Anonymous</td></tr>
 *   <tr><td>none, dead, expired, bad</td><td>bound</td><td>Lapsed, or Ended(EXPIRED) past the limit</td></tr>
 *   <tr><td>good</td><td>unbound, none, or the same user's</td><td>SignedIn</td></tr>
 *   <tr><td>good</td><td>other user, or a tombstone</td><td>Replaced</td></tr>
 *   <tr><td>revoked</td><td>any</td><td>Ended(REVOKED)</td></tr>
 *   <tr><td>unknowable</td><td>any</td><td>Undetermined</td></tr>
 * </table>
 */
final class SessionRules {

    private final Duration leeway;
    private final Duration lapsedLimit;

    SessionRules(Duration leeway, Duration lapsedLimit) {
        this.leeway = leeway;
        this.lapsedLimit = lapsedLimit;
    }

    SessionDecision decide(Credential credential, @Nullable SessionBinding binding, Instant now) {
        if (credential instanceof Credential.None
                || credential instanceof Credential.Dead
                || credential instanceof Credential.Expired
                || credential instanceof Credential.Bad) {
            return withoutUser(binding, now);
        }
        if (credential instanceof Credential.Good good) {
            return withUser(good, binding);
        }
        if (credential instanceof Credential.Revoked) {
            return new Ended(Cause.REVOKED, binding);
        }
        if (credential instanceof Credential.Unknowable) {
            return new Undetermined(binding != null);
        }
        throw new AssertionError(credential.getClass());
    }

    private SessionDecision withoutUser(@Nullable SessionBinding binding, Instant now) {
        if (binding == null) {
            return new Anonymous();
        }
        return mayComeBack(binding, now) ? new Lapsed(binding) : new Ended(Cause.EXPIRED, binding);
    }

    private boolean mayComeBack(SessionBinding binding, Instant now) {
        return !binding.ended()
                && !lapsedLimit.isZero()
                && now.isBefore(binding.expiresAt().plus(leeway).plus(lapsedLimit));
    }

    private static SessionDecision withUser(Credential.Good good, @Nullable SessionBinding binding) {
        if (binding == null) {
            return new SignedIn(good.principal(), good.token());
        }
        boolean theirs =
                !binding.ended() && binding.identity().isSameUser(good.token().identity());
        return theirs ? new SignedIn(good.principal(), good.token()) : new Replaced(good.principal(), good.token());
    }
}
