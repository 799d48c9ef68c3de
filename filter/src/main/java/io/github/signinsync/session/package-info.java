// SPDX-License-Identifier: Apache-2.0
/**
 * What a verified token, or the lack of one, means for a browser's login: the decision, and the only code that carries it
 * out on cookies and {@code HttpSession}.
 *
 * <p>The way through the room is read, verify, decide, apply ({@link
 * io.github.signinsync.session.RequestAuthenticator}). {@link io.github.signinsync.session.SessionRules} is the decision
 * table and has no side effects. {@link io.github.signinsync.session.SessionCookies} and {@link
 * io.github.signinsync.session.SessionEffects} have all of them, always in the order cookies, HttpSession, event. Not API.
 *
 * <p><b>The invariant.</b> No request reaches the application with a session bound to someone it is not authenticated as.
 * Decisions that follow from it:
 *
 * <ul>
 *   <li>A session whose login expired is <em>hidden</em>, not invalidated: serving it would be a breach, invalidating it
 *       would throw away a half-filled form because a poll was a second faster than the refresh. It ends when the
 *       application asks for a session without a user. The alternative, ending it at the first expired request, is the
 *       setting {@code lapsedLimit} 0.
 *   <li>Three askers end nothing, because each of them would end every lapsed session there is: a page that a person opens
 *       (every JSP asks for a session, and the page's script is about to bring the user back), a request that another site
 *       made the browser send, and a request that ran while somebody signed in. They get a session that lasts for the
 *       request. Refusing them one lost: an application that must have a session would fail with an exception.
 *   <li>Every request without a user is wrapped, an anonymous one too: its session may become somebody's while it runs.
 *   <li>Ending a session first turns its binding into a tombstone and then invalidates it. Removing the binding instead
 *       would leave a moment in which another request finds the session unbound and is given it.
 *   <li>Something under our attribute that we cannot read counts as a tombstone.
 * </ul>
 *
 * <p><b>Events</b> follow the filter's memory. With the sync endpoint that is the cookie: {@code SignedIn} is told by the
 * POST that changes who it names. Without the endpoint it is the bound session: {@code SignedIn} is told when a session is
 * bound. {@code SignedOut} is told by whoever turns the binding into a tombstone, so parallel requests tell it once.
 *
 * <p><b>A late answer revives nobody.</b> A browser keeps the cookies of whichever answer it stores last, and that can be the
 * answer to a POST from before a sign-out or a change of user. So both write a new <em>generation</em>, each in a cookie of
 * its own, and each token comes with a <em>twin</em> that names the generations its own request carried ({@link
 * io.github.signinsync.session.Generations}). Where they differ the token is dead: no more than no token, until the next
 * POST. The browser carries all of it, so every node of a cluster sees the same. Decisions that follow:
 *
 * <ul>
 *   <li>A token and its twin are only ever written together. A twin alone, to confirm what is held, would make another
 *       user's late token the confirmed one.
 *   <li>A POST that carries no generation is answered with a token at once. Refusing it until the browser has one lost: it
 *       makes each first sign-in two requests. The price is that of two changes of user, or two first sign-ins, at
 *       once the one stored last counts; the script ends the first before it sends the second.
 *   <li>One cookie for both kinds lost: the late answer of a change of user would have written over a sign-out's.
 *   <li>Without a generation a token counts whatever its twin says: a generation is forgotten in time, and only after every
 *       token from before it has expired.
 *   <li>Values that we cannot have written count as absent. Who can plant cookies beside ours (a sibling subdomain, where the
 *       names have no prefix) could only add a generation, which ends the login until the next POST names that one too.
 *       More than four lock out for as long as they are there, and a cookie of another path or domain is not ours to
 *       clear.
 *   <li>A twin outlives its token by days, as evidence that somebody was signed in who did not sign out. It never lets
 *       anybody in.
 * </ul>
 *
 * <p><b>Posts are limited</b> ({@link io.github.signinsync.session.SyncLimits}): good tokens by login, refused ones by
 * address. Limiting good ones by address lost, because offices and proxies share one; limiting a sign-out lost, because it
 * must always work. One too many touches no cookie, no session and no revocation.
 *
 * <p><b>Sign-out reaches tokens already issued.</b> A DELETE revokes what was issued for the login up to now, in this
 * process's memory unless the application brings a shared {@link io.github.signinsync.Revocations}. Revoking the login as
 * a whole lost: a page that ends only its own session while the provider's goes on would be locked out.
 */
@NullMarked
package io.github.signinsync.session;

import org.jspecify.annotations.NullMarked;
