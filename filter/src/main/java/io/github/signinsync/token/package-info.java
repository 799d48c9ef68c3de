// SPDX-License-Identifier: Apache-2.0
/**
 * Whether a token is what it claims to be. Text goes in, one of four outcomes comes out, and nothing is thrown.
 *
 * <p>Not API: applications see {@link io.github.signinsync.SessionPrincipal} only.
 *
 * <p>What was decided here, and what lost:
 *
 * <ul>
 *   <li><b>We read the JSON strictly before java-jwt reads it.</b> java-jwt alone lost: of a member that comes twice it
 *       takes the last, it ignores text after the object, padding and {@code crit}, and turns a numeric {@code sub} into
 *       text. Whatever both readers accept has one meaning, so it does not matter which of them a claim is taken from.
 *   <li><b>Cheap checks before dear ones, believing nothing.</b> Size, alphabet, form, header, issuer and the kind of each
 *       claim are looked at before a key is looked up or a signature computed: none of them can make a token acceptable,
 *       each can only end the work. Waiting for the signature first lost, because strangers would then choose how much
 *       work we do.
 *   <li><b>What the claims must say is checked after the signature, and expiry last of all.</b> So {@code Expired} means
 *       genuine and ours in every way but time. Giving expiry the first word lost: a token made for another application
 *       could then clear this one's cookie.
 *   <li><b>Steps refuse by throwing {@code Refused}</b>, checked and caught in one place. Returning a reason from each step
 *       lost: a caller that forgets to look at a returned reason has accepted a token.
 *   <li><b>{@code typ} is absent or JWT in any case</b>, since it is a media type. Capitals only lost (RFC 7519, 5.1, merely
 *       recommends them), and so did accepting any type: other types are tokens for other readers.
 *   <li><b>{@code jku}, {@code jwk}, {@code x5u} and {@code x5c} are ignored</b>, not refused. Honest issuers send some of
 *       them, and a key we never read cannot harm.
 *   <li><b>Registered claims must be of their registered kind even when nothing is configured for them.</b> Looking only at
 *       those in use lost: a setting switched on later would find tokens nobody ever checked.
 *   <li><b>{@code null} counts as absent</b>, in objects and lists. Keeping it lost: every reader of claims would need to
 *       expect it, and RFC 7519 gives it no meaning.
 *   <li><b>{@code maxTokenLife} is counted from {@code iat} and from now, each with leeway.</b> From {@code iat} alone lost,
 *       because a token without one would live for ever; from now alone lost, because a token made for a year would pass
 *       on its last day.
 * </ul>
 */
@NullMarked
package io.github.signinsync.token;

import org.jspecify.annotations.NullMarked;
