// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.AuthChange;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.token.VerifiedToken;
import org.jspecify.annotations.Nullable;

/** What a request is, once decided: exactly one of these six. The table is {@link SessionRules}. */
public sealed interface SessionDecision {

    /** Nobody, and no session that was somebody's. */
    record Anonymous() implements SessionDecision {}

    /** A user, with a session that is theirs, or none. */
    record SignedIn(SessionPrincipal principal, VerifiedToken token) implements SessionDecision {}

    /** A user, with a session that was another user's and has to go. */
    record Replaced(SessionPrincipal principal, VerifiedToken token) implements SessionDecision {}

    /** Nobody now, with a session whose user may come back: it is hidden. */
    record Lapsed(SessionBinding binding) implements SessionDecision {}

    /** Nobody any more: the session, if there is one, ends now. */
    record Ended(AuthChange.Cause cause, @Nullable SessionBinding binding) implements SessionDecision {}

    /** Cannot be told now; nothing is cleared. A bound session must not reach the application. */
    record Undetermined(boolean bound) implements SessionDecision {}
}
