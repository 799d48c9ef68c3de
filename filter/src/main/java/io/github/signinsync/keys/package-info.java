// SPDX-License-Identifier: Apache-2.0
/**
 * Where signing keys come from and how long they are good. A key id goes in, one of three answers comes out ({@link
 * io.github.signinsync.keys.KeyLookup}), and nothing is thrown. Whether a key suits a token is not decided here.
 *
 * <p>{@link io.github.signinsync.keys.JwksKeys} is the life of the set: when it is read, who waits, what is held. {@code
 * JwksClient} is one bounded GET, {@code JwksDocument} the JSON, {@code JwkEntry} the rules for one key, {@code
 * RefreshTimes} the numbers, {@code KeyNews} the log. Decisions, each with the alternative that lost:
 *
 * <ul>
 *   <li><b>The whole set is one immutable snapshot.</b> A cache of single keys never learns that one was withdrawn.
 *       jwks-rsa has such caches, which is why only its reader of single entries is used.
 *   <li><b>The thread's own timer reads the set again, at 80 to 90 % of its age, whether or not anybody asks.</b> Reading
 *       when a lookup finds the set old would let the first request after a quiet night use a key withdrawn hours ago.
 *       The price is one small request every four minutes or so.
 *   <li><b>A held key never waits,</b> not even when its set is too old: then the answer is "unavailable" at once, and the
 *       thread keeps trying, at least once a minute.
 *   <li><b>Strangers pay from a purse of their own.</b> An unknown id may cause a read when no other unknown id did within
 *       the cooldown, however recently the timer read the set, so that a rotated key works at once; and no number of
 *       invented ids can cause more, or keep a held key from being found. A memory of unknown ids lost: the cooldown
 *       bounds the reads already, and a memory could be filled.
 *   <li><b>One thread makes all reads,</b> one after the other, so that a late answer cannot overwrite a newer one. Those
 *       who wait do so on a future, with a limit of their own. The thread may be stuck longer than a read may last in one
 *       case only, while the system resolves a host name, which cannot be cut short.
 *   <li><b>The JDK's HTTP client makes the request.</b> It brings a selector thread of its own, daemon as well, which ends
 *       with {@code close} (from Java 21 on) or once the client is collected (before). A client on plain sockets would
 *       need none, but would have to know proxies, chunks and TLS.
 *   <li><b>The document is judged strictly, its entries singly.</b> What is no key set at all (a sign-in page of the
 *       network, half a file) replaces nothing; a key we do not know how to use does not harm its neighbours.
 *   <li><b>Of two keys with one id, neither is used.</b> Taking the first, or trying both, would let an entry that somebody
 *       managed to add stand in for the real one.
 * </ul>
 *
 * <p>That the address is https, or on this machine, is checked where it is configured ({@link
 * io.github.signinsync.config.SigninSyncConfig}). Not API: applications do not see these types.
 */
@NullMarked
package io.github.signinsync.keys;

import org.jspecify.annotations.NullMarked;
