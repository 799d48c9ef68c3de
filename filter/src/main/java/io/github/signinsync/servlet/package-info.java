// SPDX-License-Identifier: Apache-2.0
/**
 * The door: the filter, the path of a request through it, and the endpoint and script it serves.
 *
 * <p>{@link io.github.signinsync.servlet.SigninSyncFilter} is all that an application names, in {@code web.xml} or not at
 * all. {@link io.github.signinsync.servlet.Wiring} is the only place where objects are joined and the only one that asks
 * for the system clock.
 *
 * <p>Decisions made here:
 *
 * <ul>
 *   <li><b>Before all other filters</b>: {@link io.github.signinsync.servlet.SigninSyncInitializer} maps the filter that the
 *       fragment declares. A mapping in the fragment comes after every filter of the application's own {@code web.xml}.
 *   <li><b>Two wrappers</b>: {@code SignedInRequest} for users, {@code AnonymousRequest} for everybody else. A third for
 *       lapsed logins alone lost: whoever is not signed in must be kept from the same sessions.
 *   <li><b>Paths</b> are matched on what the container mapped ({@code getServletPath} and {@code getPathInfo}), never on
 *       the raw URI, and a path that has two readings is never let off a rule. Suffix patterns are refused: {@code *.css}
 *       also matches {@code /private/x.css}.
 *   <li><b>An ignored path</b> that brings a bound session is decided like any other. Letting it through untouched lost,
 *       because the application would then see the session of a user whose login is over.
 *   <li><b>Answers of ours</b> are written with {@code setStatus}, not {@code sendError}: a container's error page would
 *       replace the body and headers that the script reads.
 *   <li><b>{@code error="expired"}</b> on a 401 says that the application did not run and that a fresh token may be all that
 *       is missing: a login ended by time, or an answer came late. It is not said for a revoked token or where a sign-out
 *       left nothing, nor by the endpoint, whose 401 is about the token that was posted.
 *   <li><b>The resync page</b> answers 401 at the URL that was asked for and loads it again. A redirect to a page of ours lost:
 *       the server never sees the fragment, and the history would show it. So did the provider's own redirect: it exists for
 *       one provider only, and makes every visit hang on it. The script of that page is a file of its own, so that other pages
 *       do not load it.
 *   <li><b>After that reload</b> the application is told the site that the browser named first ({@code OriginalSite}), because
 *       browsers call a reload by script {@code same-origin}. One note for each URL: with one for all, a second tab that an
 *       attacker opens would overwrite the first one's. It stays for two minutes: were it forgotten at the first reload, two
 *       tabs at one URL would lead the second past the guard. The price is that the application is told of that site once more
 *       if its user goes to that very URL again meanwhile.
 *   <li><b>A form</b> is never sent again by us, only by its user; one that another site sent is not even offered.
 *   <li><b>An expired token</b> stays in the browser where that page is served: it is the evidence, and a slow answer that
 *       cleared it could clear a fresh one that another tab just got.
 *   <li><b>The script</b> is many modules in {@code src/main/script}, which the build makes one file of, with short names.
 *       Serving them as they are lost: with all providers, forms and requests they are three times as long, in thirty files.
 *   <li><b>What nobody can vouch for</b> is not signed out: where the provider fails for half a minute after expiry, or we
 *       refuse its user for a minute, the script gives up the token only ({@code Signin-Sync-Reason: unverified}). Ending the
 *       session too lost: every outage of a provider would end the work of all its users.
 *   <li><b>A principal the container set</b> is left in place: where a server derives roles from its own, ours would hide
 *       them.
 *   <li><b>CSRF</b>: the endpoint wants a header that forces a preflight, which is never answered, and an origin that is
 *       ours. Sign-in is guarded like sign-out: planting an attacker's token would let a victim work in the attacker's
 *       account.
 * </ul>
 */
@NullMarked
package io.github.signinsync.servlet;

import org.jspecify.annotations.NullMarked;
