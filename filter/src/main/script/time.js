// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** When to look again, by the server's clock as far as we know it. */

/** @typedef {import('./state.js').Answer} Answer */
/** @typedef {import('./state.js').State} State */

/** Milliseconds that have passed; a time in the future is long ago: somebody set the clock. @param {number} then @param {number} now */
export function elapsed(then, now) {
  return now < then ? Infinity : now - then;
}

export const MIN_REFRESH = 5_000;
const MAX_REFRESH = 12 * 3_600_000;

/** @param {State} s @param {Answer} answer */
export function learnSkew(s, { serverNow, sent, received }) {
  if (!serverNow || received - sent >= 5_000) return;
  s.samples = [...s.samples, serverNow * 1000 + 500 - (sent + received) / 2].slice(-3);
  s.skew = [...s.samples].sort((a, b) => a - b)[s.samples.length >> 1] ?? 0;
}

/** Seconds before expiry at which to look for a fresh token. @param {number} life seconds @returns {number} */
export function refreshMargin(life) {
  return life < 20 ? life / 2 : Math.min(300, Math.max(10, life / 4));
}

/**
 * Milliseconds until we should ask for a fresh token. Uses the token's own lifetime as the upper bound,
 * so a wrong local clock can make us early or late but never busy.
 * @param {{exp: number, iat: number}} claims seconds since the epoch
 * @param {number} now milliseconds since the epoch, by the server's clock as far as we know it
 * @param {number} [random] from 0 to 1
 * @returns {number}
 */
export function refreshDelay({ exp, iat }, now, random = 0) {
  const margin = refreshMargin(exp - iat) * (1 - random / 5);
  const delay = Math.min(exp * 1000 - now, (exp - iat) * 1000, MAX_REFRESH) - margin * 1000;
  return Math.max(MIN_REFRESH, delay);
}

/**
 * Milliseconds since the epoch, by our clock, at which a tab that is not the keeper stops relying on the keeper.
 * @param {State} s @param {number} exp seconds
 */
export function watchdogAt(s, exp) {
  return (exp - refreshMargin(s.life || 60) / 2) * 1000 - s.skew;
}
